import { ApolloServerPlugin } from '@apollo/server';
import { AnswerTooLargeError, isAnswerTooLarge } from './answer-size.js';

/** Refuses an operation over HTTP before it runs, where its answer could hold too many values. */
export const answerSize: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, request: { operationName, variables: variableValues } }) => {
      if (isAnswerTooLarge({ schema, document, operationName, variableValues })) throw new AnswerTooLargeError();
    },
  }),
};
