import { ApiError } from './api-error.js';

/** So many calls of the Admin API in a window of time, which begins with its first call and ends on a full second. */
export class AdminLimit {
  private used = 0;
  private resetAt = 0;

  constructor(
    private readonly calls: number,
    private readonly windowMs: number,
    private readonly now: () => number,
  ) {}

  /** Counts a call; throws ApiError 420 when none is left. */
  take(): void {
    if (this.now() >= this.resetAt) this.begin();
    if (this.used >= this.calls) throw this.exceeded();
    this.used++;
  }

  get headers(): Record<string, string> {
    return {
      'X-FeatureRateLimit-Limit': String(this.calls),
      'X-FeatureRateLimit-Remaining': String(this.calls - this.used),
      'X-FeatureRateLimit-Reset': new Date(this.resetAt).toUTCString(),
    };
  }

  /** The answer beyond the limit. */
  exceeded(): ApiError {
    const at = Math.max(this.resetAt, this.now());
    const reset = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
    return new ApiError(420, `Rate Limit Exceeded. Limit of ${this.calls} api operations reached. Try again on ${reset} UTC`);
  }

  private begin(): void {
    this.used = 0;
    this.resetAt = Math.ceil((this.now() + this.windowMs) / 1000) * 1000;
  }
}
