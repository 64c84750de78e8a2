import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { IdempotencyKeyController } from './idempotency-key.controller';
import { IdempotencyKey, idempotencyKeySchema } from './idempotency-key.schema';
import { IdempotencyKeys } from './idempotency-keys';

@Module({
  imports: [MongooseModule.forFeature([{ name: IdempotencyKey.name, schema: idempotencyKeySchema }])],
  controllers: [IdempotencyKeyController],
  providers: [IdempotencyKeys],
})
export class IdempotencyModule {}
