import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditLog } from './audit-log';
import { AuditController } from './audit.controller';
import { AuditRecord, auditSchema } from './audit.schema';
import { AuditService } from './audit.service';
import { AuditStore } from './audit.store';
import { WrongTokens } from './wrong-tokens';

@Module({
  imports: [MongooseModule.forFeature([{ name: AuditRecord.name, schema: auditSchema }])],
  controllers: [AuditController],
  providers: [AuditLog, AuditService, AuditStore, WrongTokens],
})
export class AuditModule {}
