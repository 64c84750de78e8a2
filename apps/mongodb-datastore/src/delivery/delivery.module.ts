import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { DeliveryService } from './delivery.service';

@Module({ imports: [LogModule], providers: [DeliveryService] })
export class DeliveryModule {}
