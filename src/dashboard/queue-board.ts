import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { AppControllerRoute, AppViewRoute, ControllerHandlerReturnType } from '@bull-board/api/typings/app';
import { ExpressAdapter } from '@bull-board/express';
import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Handler } from 'express';
import { inTime, NoAnswerError } from '../database/in-time.js';
import { SeldomWarnings } from '../queue/seldom-warnings.js';

/** Where the dashboard is. */
export const BOARD_PATH = '/queues';

/** How long a queue may take to answer. Milliseconds. */
const PATIENCE = 5_000;
const AWAY: ControllerHandlerReturnType = {
  status: 500,
  body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: 'The queue does not answer just now.' },
};
/** The only thing that the page would load from elsewhere; without it the text is in the browser's own letters. */
const WEB_FONTS = /<link[^>]*fonts\.googleapis\.com[^>]*>/;

/** The dashboard of these queues, to look at: nothing in it changes anything, and it waits for no queue for long. */
export function queueBoard(queues: Queue[]): Handler {
  const board = new ReadingBoard().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: 'Filmroll queues' } },
  });
  return board.getRouter() as Handler;
}

class ReadingBoard extends ExpressAdapter {
  private readonly warnings = new SeldomWarnings(new Logger('Dashboard'));
  /** Questions that a queue still owes an answer to: while there are any nothing more is asked, so that nothing piles up. */
  private owed = 0;

  constructor() {
    super();
    this.app.disable('x-powered-by');
  }

  override setEntryRoute(entry: AppViewRoute): this {
    this.app.get(entry.route, (_req, res, next) => {
      const { name, params } = entry.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      res.render(name, params, (error, html) => (error ? next(error) : res.send(html.replace(WEB_FONTS, ''))));
    });
    return this;
  }

  override setApiRoutes(routes: AppControllerRoute[]): this {
    const reading = routes.filter(({ method }) => method === 'get');
    super.setApiRoutes(
      reading.map((route) => ({ ...route, handler: (request) => this.answerOf(async () => route.handler(request)) }) as AppControllerRoute),
    );
    return this;
  }

  /** What went wrong is for the log alone. */
  override setErrorHandler(): this {
    return super.setErrorHandler((error) => {
      this.warnings.warn(error.message);
      return AWAY;
    });
  }

  private async answerOf<T>(ask: () => Promise<T>): Promise<T> {
    if (this.owed > 0) throw new NoAnswerError(PATIENCE);
    const asked = ask();
    try {
      return await inTime(asked, PATIENCE);
    } catch (error) {
      if (error instanceof NoAnswerError) this.await(asked);
      throw error;
    }
  }

  private await(asked: Promise<unknown>): void {
    this.owed++;
    const paid = () => void this.owed--;
    void asked.then(paid, paid);
  }
}
