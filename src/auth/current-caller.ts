import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { Caller } from './caller.js';

/** The `Caller` of the GraphQL operation, over HTTP or a websocket. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return GqlExecutionContext.create(context).getContext<{ caller: Caller }>().caller;
});
