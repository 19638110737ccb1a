import { describe, expect, it } from 'vitest';
import { FakeClock } from '~/k8s/FakeClock';
import { PictureRounds, picturesAtOnce } from '~/k8s/PictureRounds';

function setUp() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answers = new Map<string, { give: (url: string) => void; refuse: (e: Error) => void }>();
  const page = { isSeen: true };
  const rounds = new PictureRounds({
    take: (path) => {
      asked.push(path);
      return new Promise((give, refuse) => answers.set(path, { give, refuse }));
    },
    clock,
    isSeen: () => page.isSeen,
  });
  const settle = async (path: string, url: string | Error) => {
    const answer = answers.get(path);
    if (url instanceof Error) answer?.refuse(url);
    else answer?.give(url);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { clock, asked, page, rounds, settle };
}

const ignore = () => undefined;

describe('PictureRounds', () => {
  it('asks for a few at a time, and for the next when one has come', async () => {
    const { asked, rounds, settle } = setUp();
    for (let index = 0; index < 10; index += 1) rounds.subscribe(`vm-${index}`, ignore);
    expect(asked).toHaveLength(picturesAtOnce);
    await settle('vm-0', 'picture');
    expect(asked).toHaveLength(picturesAtOnce + 1);
    expect(rounds.get('vm-0').url).toBe('picture');
  });

  it('asks again later, the later the more are looked at', async () => {
    const { clock, asked, rounds, settle } = setUp();
    rounds.subscribe('alone', ignore);
    await settle('alone', 'first');
    clock.pass(3_000);
    expect(asked).toHaveLength(1);
    clock.pass(250);
    expect(asked).toHaveLength(2);

    const many = setUp();
    for (let index = 0; index < 40; index += 1) many.rounds.subscribe(`vm-${index}`, ignore);
    await many.settle('vm-0', 'first');
    many.clock.pass(12_000);
    expect(many.asked.filter((path) => path === 'vm-0')).toHaveLength(1);
  });

  it('leaves out what nobody looks at any more, and keeps its picture', async () => {
    const { clock, asked, rounds, settle } = setUp();
    const leave = rounds.subscribe('vm', ignore);
    await settle('vm', 'seen');
    leave();
    clock.pass(100_000);
    expect(asked).toHaveLength(1);
    expect(rounds.get('vm').url).toBe('seen');

    const waiting = setUp();
    const leaves = Array.from({ length: 6 }, (_, index) =>
      waiting.rounds.subscribe(`vm-${index}`, ignore),
    );
    leaves[4]?.();
    await waiting.settle('vm-0', 'seen');
    expect(waiting.asked).not.toContain('vm-4');
    expect(waiting.asked).toContain('vm-5');
  });

  it('asks for nothing while the page cannot be seen', () => {
    const { clock, asked, page, rounds } = setUp();
    page.isSeen = false;
    rounds.subscribe('vm', ignore);
    expect(asked).toHaveLength(0);
    page.isSeen = true;
    clock.pass(3_000);
    expect(asked).toHaveLength(1);
  });

  it('tells why there is no picture, keeps the last one, and asks less often', async () => {
    const { clock, asked, rounds, settle } = setUp();
    let told = 0;
    rounds.subscribe('vm', () => (told += 1));
    await settle('vm', 'seen');
    clock.pass(3_250);
    await settle('vm', new Error('no screen'));
    expect(rounds.get('vm')).toMatchObject({ url: 'seen', failure: { detail: 'no screen' } });
    expect(told).toBe(2);
    clock.pass(4_999);
    expect(asked).toHaveLength(2);
    clock.pass(1);
    await settle('vm', new Error('no screen'));
    clock.pass(9_999);
    expect(asked).toHaveLength(3);
    clock.pass(1);
    expect(asked).toHaveLength(4);
  });

  it('forgets the oldest of many that are out of sight', async () => {
    const { rounds, settle } = setUp();
    for (let index = 0; index < 102; index += 1) {
      const leave = rounds.subscribe(`vm-${index}`, ignore);
      await settle(`vm-${index}`, 'seen');
      leave();
    }
    expect(rounds.get('vm-0').url).toBeUndefined();
    expect(rounds.get('vm-101').url).toBe('seen');
  });
});
