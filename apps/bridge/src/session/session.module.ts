import { Module } from '@nestjs/common';
import { IdentityProviders } from '../identity/identity-providers';
import { Renewals } from '../identity/renewals';
import { SignInService } from '../identity/sign-in.service';
import { SessionController } from './session.controller';
import { SessionService } from './session.service';
import { SignInController } from './sign-in.controller';
import { WrongPasswords } from './wrong-passwords';

@Module({
  controllers: [SessionController, SignInController],
  providers: [IdentityProviders, Renewals, SessionService, SignInService, WrongPasswords],
  exports: [SessionService],
})
export class SessionModule {}
