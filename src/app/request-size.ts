/** The largest body of a request, and the largest message over a websocket. Bytes. */
export const MAX_REQUEST = 2 ** 20;
