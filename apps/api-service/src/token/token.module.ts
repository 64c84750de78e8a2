import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { TokenHolders } from './token-holders';
import { TokenController } from './token.controller';
import { TokenRecord, tokenSchema } from './token.schema';
import { TokenService } from './token.service';
import { TokenStore } from './token.store';

@Module({
  imports: [MongooseModule.forFeature([{ name: TokenRecord.name, schema: tokenSchema }])],
  controllers: [TokenController],
  providers: [TokenHolders, TokenService, TokenStore],
  exports: [TokenStore],
})
export class TokenModule {}
