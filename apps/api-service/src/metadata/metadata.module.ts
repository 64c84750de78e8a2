import { Module } from '@nestjs/common';
import { BridgeVersion } from './bridge-version';
import { MetadataController } from './metadata.controller';

@Module({ controllers: [MetadataController], providers: [BridgeVersion] })
export class MetadataModule {}
