import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import { Observable, timeout } from 'rxjs';
import { ServiceUnavailableError } from '../api/errors.js';

/** Nothing that is asked for takes longer unless something it needs does not answer. Milliseconds. */
const DEADLINE = 10_000;

/** Answers SERVICE_UNAVAILABLE for an operation, or a field of its answer, that nothing has come of in time: whoever asks is never left waiting. */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const give = () => {
      throw new ServiceUnavailableError();
    };
    return next.handle().pipe(timeout({ first: DEADLINE, with: give }));
  }
}
