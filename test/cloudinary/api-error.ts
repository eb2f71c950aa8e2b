/** An answer that is no success, with the words of the service; travels as `{"error":{"message":…}}`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}
