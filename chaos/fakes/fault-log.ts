import { AsyncLocalStorage } from 'node:async_hooks';
import { Switch } from '../../test/service/switches.js';

/** Tells of every fault that strikes, with the request that it strikes. */
export class FaultLog {
  private readonly requests = new AsyncLocalStorage<string>();

  constructor(private readonly tell: (name: string, request: string) => void) {}

  /** To be called when a request comes in, on its own way through the server. */
  enter(request: string): void {
    this.requests.enterWith(request);
  }

  watch(faults: object): void {
    for (const [name, fault] of Object.entries(faults)) if (fault instanceof Switch) this.watchOne(name, fault);
  }

  private watchOne(name: string, fault: Switch): void {
    const strikes = fault.strikes.bind(fault);
    fault.strikes = (...route) => {
      const hit = strikes(...route);
      if (hit) this.tell(name, this.requests.getStore() ?? '');
      return hit;
    };
  }
}
