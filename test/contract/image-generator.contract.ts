import { getEventListeners } from 'node:events';
import {
  GeneratedPicture,
  GenerationProgress,
  GenerationRejectedError,
  GenerationRequest,
  ImageGenerator,
} from '../../src/generation/image-generator.js';
import { inspectPicture } from '../../src/upload/inspect-picture.js';

export interface GeneratorUnderTest {
  /** Takes long enough for a picture that it can be stopped in the middle, and reports progress meanwhile. */
  generator: ImageGenerator;
  /** A request that it can fulfil, with ids and a seed of its own each time. */
  request(overrides?: Partial<GenerationRequest>): GenerationRequest;
  /** Requests that it can never fulfil, each with the reason in a few words. */
  rejected: [reason: string, request: GenerationRequest][];
  close(): Promise<void>;
}

/** What every generator promises, whatever it makes its pictures with. */
export function imageGeneratorContract(name: string, setup: () => Promise<GeneratorUnderTest>): void {
  describe(`${name} keeps the promises of a generator`, () => {
    let at: GeneratorUnderTest;
    const reason = new Error('The picture is no longer wanted.');

    beforeAll(async () => {
      at = await setup();
    });
    afterAll(() => at.close());

    function generate(
      request: GenerationRequest,
      signal = new AbortController().signal,
      onProgress: (progress: GenerationProgress) => void = () => {},
    ): Promise<GeneratedPicture> {
      return at.generator.generate(request, signal, onProgress);
    }

    /** Aborts as soon as the first progress is reported; tells what was reported in all. */
    async function abortedOnTheWay(request: GenerationRequest): Promise<GenerationProgress[]> {
      const [controller, reports] = [new AbortController(), [] as GenerationProgress[]];
      const making = generate(request, controller.signal, (progress) => {
        reports.push(progress);
        controller.abort(reason);
      });
      await expect(making).rejects.toBe(reason);
      return reports;
    }

    describe('backends and workflows', () => {
      it('names its backends, each once, with at least one that is healthy', () => {
        const backends = at.generator.backends();

        expect(new Set(backends.map((backend) => backend.name)).size).toBe(backends.length);
        expect(backends).toContainEqual({
          name: expect.stringMatching(/./),
          healthy: true,
          version: expect.stringMatching(/./),
          embeddings: backends[0].embeddings && expect.any(Array),
          checkpoints: backends[0].checkpoints && expect.any(Array),
          lastError: null,
          lastSeenAt: expect.any(Date),
        });
      });

      it('names the backends that are able to make a picture: those it knows, among them the one that was asked', () => {
        const [order, known] = [at.request(), at.generator.backends().map((backend) => backend.name)];
        const able = at.generator.ableTo(order);

        expect(able).toContain(order.backend);
        expect(known).toEqual(expect.arrayContaining(able));
        expect(new Set(able).size).toBe(able.length);
      });

      it('names its workflows, each once, and takes the first of them', async () => {
        const workflows = at.generator.workflows();

        expect(new Set(workflows.map((workflow) => workflow.name)).size).toBe(workflows.length);
        await expect(generate(at.request({ workflow: workflows[0].name }))).resolves.toBeDefined();
      });
    });

    describe('a picture', () => {
      it.each([
        [64, 64],
        [512, 512],
        [72, 1024],
        [1024, 576],
      ])('is whole and of the asked size, %i × %i', async (width, height) => {
        const { bytes } = await generate(at.request({ width, height }));

        expect(await inspectPicture(bytes)).toMatchObject({ width, height });
      });

      it('says which backend made it: the one it was asked from', async () => {
        for (const { name: backend, healthy } of at.generator.backends()) {
          if (healthy) expect(await generate(at.request({ backend }))).toMatchObject({ backend });
        }
      });

      it('differs from those of other seeds and prompts', async () => {
        const seeds = [0, 1, 2, 1_000_003, 2 ** 53 - 2, 2 ** 53 - 1];
        const requests = [...seeds.map((seed) => at.request({ seed })), at.request({ seed: 0, prompt: 'another prompt' })];

        const pictures = await Promise.all(requests.map((request) => generate(request)));

        expect(new Set(pictures.map(({ bytes }) => bytes.toString('base64'))).size).toBe(requests.length);
      });

      it('goes to whoever asked for it when many are made at once', async () => {
        const sizes = Array.from({ length: 12 }, (_, i) => ({ width: 64 + i * 8, height: 256 - i * 8 }));

        const pictures = await Promise.all(sizes.map((size) => generate(at.request(size))));

        const found = await Promise.all(pictures.map(({ bytes }) => inspectPicture(bytes)));
        expect(found).toEqual(sizes.map((size) => expect.objectContaining(size)));
      });
    });

    describe('progress', () => {
      it('rises from 0 to 1 at most, and is told in few reports', async () => {
        const fractions: number[] = [];
        await generate(at.request(), undefined, ({ fraction }) => fractions.push(fraction));

        expect(fractions.length).toBeGreaterThan(0);
        expect(fractions.length).toBeLessThanOrEqual(200);
        expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
        expect(fractions[0]).toBeGreaterThanOrEqual(0);
        expect(fractions.at(-1)).toBeLessThanOrEqual(1);
      });

      it('shows previews, if any, as whole small pictures', async () => {
        const previews: NonNullable<GenerationProgress['preview']>[] = [];
        await generate(at.request({ width: 512, height: 512 }), undefined, ({ preview }) => preview && previews.push(preview));

        for (const { bytes, contentType } of previews) {
          const { width, height, format } = await inspectPicture(bytes);
          expect(Math.max(width, height)).toBeLessThanOrEqual(512);
          expect(contentType.replace('jpeg', 'jpg')).toBe(`image/${format}`);
        }
      });

      it('waits for no listener', async () => {
        const never = () => new Promise<void>(() => {});

        await expect(generate(at.request(), undefined, never)).resolves.toBeDefined();
      });
    });

    describe('abort', () => {
      it('rejects with the reason when it was aborted before, and does nothing', async () => {
        const onProgress = jest.fn();

        await expect(generate(at.request(), AbortSignal.abort(reason), onProgress)).rejects.toBe(reason);
        expect(onProgress).not.toHaveBeenCalled();
      });

      it('rejects with the reason at once when it is aborted right after the start', async () => {
        const controller = new AbortController();
        const making = generate(at.request(), controller.signal);
        controller.abort(reason);

        await expect(making).rejects.toBe(reason);
      });

      it('rejects with the reason at once when it is aborted on the way, and reports no more', async () => {
        const started = performance.now();
        const reports = await abortedOnTheWay(at.request({ width: 2048, height: 2048 }));
        expect(performance.now() - started).toBeLessThan(2_000);

        // Nothing of the first can come any more once another one is done.
        await generate(at.request());
        expect(reports).toHaveLength(1);
      });

      it('passes on a reason that is no error of ours', async () => {
        const signal = AbortSignal.timeout(1);

        await expect(generate(at.request(), signal)).rejects.toMatchObject({ name: 'TimeoutError' });
        expect(signal.aborted).toBe(true);
      });

      it('leaves the others that are being made alone', async () => {
        const size = { width: 96, height: 64 };
        const others = Promise.all([generate(at.request(size)), generate(at.request(size))]);
        await abortedOnTheWay(at.request());

        for (const { bytes } of await others) expect(await inspectPicture(bytes)).toMatchObject(size);
      });

      it('makes the picture that was aborted when it is asked again', async () => {
        const request = at.request({ width: 80, height: 64 });
        await abortedOnTheWay(request);

        const { bytes } = await generate({ ...request, attempt: 2, promptId: at.request().promptId });
        expect(await inspectPicture(bytes)).toMatchObject({ width: 80, height: 64 });
      });

      it('leaves nothing listening to the signal', async () => {
        const controller = new AbortController();
        await generate(at.request(), controller.signal);

        expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      });
    });

    describe('rejection', () => {
      it('says what can never work, for people, without making anything', async () => {
        expect(at.rejected).not.toEqual([]);
        for (const [why, request] of at.rejected) {
          const onProgress = jest.fn();
          const error = await generate(request, undefined, onProgress).catch((fault: unknown) => fault);

          expect([why, error]).toEqual([why, expect.any(GenerationRejectedError)]);
          expect((error as GenerationRejectedError).code).toMatch(/^(GENERATOR_REJECTED|EMBEDDING_NOT_FOUND)$/);
          expect((error as Error).message).toMatch(/^\S.{10,}/);
          expect((error as Error).message).not.toMatch(/node_modules|file:|\n\s+at /);
          expect([why, onProgress.mock.calls]).toEqual([why, []]);
        }
      });
    });
  });
}
