import { ApolloServerPlugin } from '@apollo/server';

/** Gives an answer HTTP 503 when any part of it is SERVICE_UNAVAILABLE: a field's error would leave it at 200. */
export const unavailable: ApolloServerPlugin = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http } }) => {
      const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
      if (errors?.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')) http.status = 503;
    },
  }),
};
