import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  ModelSlot,
  type LoadedModel,
  type ModelChoice,
} from '../../../inference/engines/model-slot.js';

/** A model that knows whether it was freed. */
class TestModel implements LoadedModel {
  freed = false;
  readonly health = {
    state: 'ready' as const,
    lastProblem: undefined,
    answers: () => Promise.resolve(true),
    close: () => {
      this.freed = true;
      return Promise.resolve();
    },
  };

  constructor(readonly model: string) {}
}

const choice = (model: TestModel): ModelChoice<TestModel, string> => ({
  description: model.model,
  load: () => {
    model.freed = false;
    return Promise.resolve(model);
  },
});
const slotOf = (model: TestModel, idleMs?: number) =>
  new ModelSlot({ name: 'test', idleMs }, choice(model));

describe('a model slot', () => {
  it('keeps the old model for those who began with it, and frees it with the last of them', async () => {
    const [old, fresh] = [new TestModel('old'), new TestModel('new')];
    const slot = slotOf(old);
    await slot.preload();
    const [first, second] = [slot.lease(), slot.lease()];
    await slot.replace(choice(fresh));
    expect((await slot.lease().get()).model).toBe('new');
    expect((await first.get()).model).toBe('old');
    first.release();
    first.release();
    await delay(1);
    expect(old.freed).toBe(false);
    second.release();
    await delay(1);
    expect(old.freed).toBe(true);
    expect(slot.retiring).toBe(0);
    await slot.close();
    expect(fresh.freed).toBe(true);
  });

  it('goes on with the old model when the new one fails', async () => {
    const old = new TestModel('old');
    const slot = slotOf(old);
    await slot.preload();
    const broken = { description: 'broken', load: () => Promise.reject(new Error('no such file')) };
    await expect(slot.replace(broken)).rejects.toThrow('no such file');
    expect(slot.description).toBe('old');
    expect(slot.state).toBe('ready');
    expect(await slot.use(({ model }) => Promise.resolve(model))).toBe('old');
    await slot.close();
  });

  it('loads when it is first wanted, unloads when nobody wants it, and loads again', async () => {
    const model = new TestModel('late');
    const slot = slotOf(model, 20);
    expect(slot.state).toBe('idle');
    await slot.use(() => Promise.resolve());
    expect(slot.state).toBe('ready');
    const lease = slot.lease();
    await delay(80);
    expect(model.freed).toBe(false); // in use
    lease.release();
    await expect.poll(() => model.freed).toBe(true);
    expect(slot.state).toBe('idle');
    expect(await slot.answers(10)).toBe(true);
    await slot.use(() => Promise.resolve());
    expect(model.freed).toBe(false);
    await slot.close();
    expect(slot.state).toBe('closed');
    expect(() => slot.lease()).toThrow('shutting down');
  });

  it('says why the first load failed, and tries again', async () => {
    let tries = 0;
    const model = new TestModel('second try');
    const slot = new ModelSlot<TestModel, string>(
      { name: 'test' },
      {
        description: 'x',
        load: () => {
          tries += 1;
          return tries === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(model);
        },
      },
    );
    await expect(slot.preload()).rejects.toThrow('not now');
    expect(slot.state).toBe('failed');
    expect(slot.lastProblem).toBe('not now');
    await slot.preload();
    expect(slot.state).toBe('ready');
    await slot.close();
  });

  it('closes while a model is used and another is retired', async () => {
    const [old, fresh] = [new TestModel('old'), new TestModel('new')];
    const slot = slotOf(old);
    await slot.preload();
    slot.lease();
    await slot.replace(choice(fresh));
    await slot.close();
    expect(old.freed && fresh.freed).toBe(true);
  });
});
