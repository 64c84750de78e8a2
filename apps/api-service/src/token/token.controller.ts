import { type AnswerOf, api, type BodyOf, type Caller, type ParametersOf } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { TokenService } from './token.service';

const { createToken, deleteToken, listTokens, rotateToken } = api;

type Named = ParametersOf<typeof deleteToken>;

@Controller()
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Route(createToken)
  create(
    @Body({ schema: createToken.body }) body: BodyOf<typeof createToken>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof createToken>> {
    return this.tokens.create(body, caller);
  }

  @Route(listTokens)
  async list(@CurrentCaller() caller: Caller): Promise<AnswerOf<typeof listTokens>> {
    return { tokens: await this.tokens.list(caller) };
  }

  @Route(rotateToken)
  rotate(
    @Param({ schema: rotateToken.parameters }) { name }: Named,
    @Body({ schema: rotateToken.body }) { overlapSeconds }: BodyOf<typeof rotateToken>,
    @CurrentCaller() caller: Caller,
  ): Promise<AnswerOf<typeof rotateToken>> {
    return this.tokens.rotate(name, overlapSeconds, caller);
  }

  @Route(deleteToken)
  async remove(
    @Param({ schema: deleteToken.parameters }) { name }: Named,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.tokens.remove(name, caller);
  }
}
