import { Module } from '@nestjs/common';
import { ViewModule } from '../view/view.module';
import { ApprovalController } from './approval.controller';
import { OpenItemService } from './open-item.service';
import { RemediationController } from './remediation.controller';

@Module({
  imports: [ViewModule],
  controllers: [ApprovalController, RemediationController],
  providers: [OpenItemService],
})
export class OpenItemModule {}
