import { Module } from '@nestjs/common';
import { SignedIn } from './signed-in';

@Module({ providers: [SignedIn] })
export class IdentityProviderModule {}
