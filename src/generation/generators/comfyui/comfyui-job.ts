import type { ApiGraph } from '../../workflows/api-graph.js';
import { ComfyuiUnavailableError, PromptRefusedError, ServerStuckError } from './comfyui-errors.js';
import type { PromptEvent } from './comfyui-messages.js';
import type { Outcome } from './comfyui-outcome.js';
import type { ComfyuiServer } from './comfyui-server.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { pause, unlessAborted, withDeadline } from './deadline.js';
import { PromptWatch } from './prompt-watch.js';

/** How often a prompt is sent whose answer did not come and which the server does not know. */
const SENDS = 3;
/** How often a server is asked for an earlier prompt that answers, but wrongly: it is there, and a picture more costs more than a question. */
const QUESTIONS = 6;

/**
 * One prompt on one server, from before it is sent until it is known how it ended. Throws the signal's reason when aborted, having withdrawn
 * the prompt; `PromptRefusedError`; anything else for "try again later".
 */
export class ComfyuiJob {
  private readonly watch: PromptWatch;
  private sending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: ComfyuiServer,
    private readonly promptId: string,
    onEvent: (event: PromptEvent) => void,
    private readonly timings: ComfyuiTimings,
    private readonly log: (message: string) => void,
  ) {
    this.watch = new PromptWatch(server, promptId, onEvent, timings);
  }

  /** Sends the prompt and waits for its end. */
  make(graph: ApiGraph, signal: AbortSignal): Promise<Outcome> {
    return this.attend(signal, async () => {
      await unlessAborted(this.server.socket.ready(), signal);
      await this.submit(graph, signal);
      return this.watch.end(signal);
    });
  }

  /** Waits for the end of a prompt that was sent earlier; null if the server does not know it, `ComfyuiUnavailableError` if it cannot be asked. */
  follow(signal: AbortSignal): Promise<Outcome | null> {
    return this.attend(signal, async () => {
      if (!(await this.knownAsked(signal))) return null;
      this.watch.lookNow();
      return this.watch.end(signal);
    });
  }

  /** Listens before anything is sent, because a prompt may end before its POST is answered. */
  private async attend<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const stopListening = this.server.socket.listen(this.promptId, this.watch);
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || error instanceof ServerStuckError || error instanceof PromptRefusedError) await this.withdraw();
      throw error;
    } finally {
      stopListening();
    }
  }

  private async knownAsked(signal: AbortSignal): Promise<boolean> {
    const began = performance.now();
    for (let questions = 1; ; questions++) {
      try {
        return await this.watch.known(signal);
      } catch (error) {
        const again = questions < QUESTIONS && performance.now() - began < this.timings.request;
        if (!(error instanceof ComfyuiUnavailableError) || !again) throw error;
        await pause(this.timings.retry, signal);
      }
    }
  }

  /** A lost answer does not say whether the prompt was queued, and the server would run a second one of the same id as well: so look first. */
  private async submit(graph: ApiGraph, signal: AbortSignal): Promise<void> {
    for (let sends = 1; ; sends++) {
      signal.throwIfAborted();
      const sentAt = performance.now();
      try {
        const sending = this.server.api.submit(graph, this.promptId, this.server.socket.clientId);
        this.sending = sending;
        this.accept(await unlessAborted(sending, signal));
        return this.server.socket.expectStatus(sentAt);
      } catch (error) {
        if (!(error instanceof ComfyuiUnavailableError) || error.arrival !== 'unknown') throw error;
        this.log(`no answer to the prompt (${error.what}); looking whether it arrived`);
        if (await this.arrived(signal)) return this.watch.lookNow();
        if (sends === SENDS) throw error;
      }
    }
  }

  private accept({ status, body }: { status: number; body: Record<string, unknown> }): void {
    this.watch.answered();
    // A 200 may carry errors too: the outputs they belong to would silently never come.
    if (status !== 200 || Object.keys(body.node_errors ?? {}).length > 0) throw new PromptRefusedError(body);
    if (body.prompt_id !== this.promptId)
      throw new ComfyuiUnavailableError(this.server.name, 'did not keep the id of our prompt', 'not sent');
    this.server.numbered(Number(body.number));
  }

  /** Looks twice, since the request itself may still be on its way when the first look is answered. */
  private async arrived(signal: AbortSignal): Promise<boolean> {
    for (let looks = 0; looks < 2;) {
      await pause(this.timings.retry, signal);
      try {
        if (await this.watch.known(signal)) return true;
        this.watch.answered();
        looks++;
      } catch (error) {
        this.watch.bear(error);
      }
    }
    return false;
  }

  /** Deletes before it interrupts, since a prompt goes from waiting to running and never back; never without our own id. */
  private async withdraw(): Promise<void> {
    const { api } = this.server;
    await withDeadline(this.timings.withdraw, undefined, async (until) => {
      await unlessAborted(
        this.sending.catch(() => undefined),
        until,
      );
      for (let done = false; !done;) {
        const both = api.dequeue(this.promptId).then(() => api.interrupt(this.promptId));
        done = await unlessAborted(
          both.then(
            () => true,
            () => false,
          ),
          until,
        );
        if (!done) await pause(this.timings.retry, until);
      }
    }).then(
      () => this.log('withdrew the prompt'),
      () => this.log('could not withdraw the prompt in time'),
    );
    this.server.cleaner.forgetLater(this.promptId);
  }
}
