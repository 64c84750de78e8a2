import { Global, Module } from '@nestjs/common';
import { ExecutionPlane } from './execution-plane';

/** The services that deploy, as the public verbs wait for them. */
@Global()
@Module({ providers: [ExecutionPlane], exports: [ExecutionPlane] })
export class ExecutionPlaneModule {}
