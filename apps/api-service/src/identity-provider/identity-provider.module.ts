import { Module } from '@nestjs/common';
import { IdentityProviderController } from './identity-provider.controller';
import { SignedIn } from './signed-in';

@Module({ controllers: [IdentityProviderController], providers: [SignedIn] })
export class IdentityProviderModule {}
