import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL_LIMITS, type ChannelLimits, type ChannelReader, Channels } from './channels';

class Listener implements ChannelReader {
  readonly heard: string[] = [];

  deliver(frame: string): void {
    this.heard.push(frame);
  }
}

const heardOn = (channels: Channels, keptnContext: string): readonly string[] => {
  const listener = new Listener();
  channels.open(keptnContext, listener)();
  return listener.heard;
};

const limited = (limits: Partial<ChannelLimits>, now?: () => number) =>
  new Channels({ ...CHANNEL_LIMITS, ...limits }, now);

describe('channels', () => {
  it('keep messages for the first reader, who gets them in order and alone', () => {
    const channels = new Channels();
    channels.publish('c', 'one');
    channels.publish('c', 'two');
    channels.publish('other', 'three');
    expect(heardOn(channels, 'c')).toEqual(['one', 'two']);
    expect(heardOn(channels, 'c')).toEqual([]);
  });

  it('hand a message to every reader that is there, and keep it for nobody else', () => {
    const channels = new Channels();
    const [first, second] = [new Listener(), new Listener()];
    const leave = channels.open('c', first);
    channels.open('c', second);
    channels.publish('c', 'one');
    leave();
    channels.publish('c', 'two');
    expect([first.heard, second.heard]).toEqual([['one'], ['one', 'two']]);
    expect(heardOn(channels, 'c')).toEqual([]);
  });

  it('keep again once the last reader has left', () => {
    const channels = new Channels();
    channels.open('c', new Listener())();
    channels.publish('c', 'one');
    expect(heardOn(channels, 'c')).toEqual(['one']);
  });

  it('forget messages that nobody has read in time', () => {
    let now = 0;
    const channels = limited({ keepMs: 100 }, () => now);
    channels.publish('old', 'one');
    now = 60;
    channels.publish('young', 'two');
    now = 100;
    expect(heardOn(channels, 'old')).toEqual([]);
    expect(heardOn(channels, 'young')).toEqual(['two']);
  });

  it('lose the oldest messages of a channel that is full, so that its end is always told', () => {
    const byCount = limited({ framesPerChannel: 2 });
    const bySize = limited({ sizePerChannel: 6 });
    for (const channels of [byCount, bySize]) {
      for (const frame of ['one', 'two', 'end']) {
        channels.publish('c', frame);
      }
      expect(heardOn(channels, 'c')).toEqual(['two', 'end']);
    }
  });

  it('forget the channels that have been silent longest when all together are too large', () => {
    const channels = limited({ totalSize: 6 });
    channels.publish('a', 'one');
    channels.publish('b', 'two');
    channels.publish('a', '.');
    expect([heardOn(channels, 'b'), heardOn(channels, 'a')]).toEqual([[], ['one', '.']]);
  });

  it('never keep more than their limits, and always the last message, whatever is published', () => {
    const frames = fc.array(
      fc.record({ channel: fc.constantFrom('a', 'b', 'c'), frame: fc.string({ maxLength: 4 }) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(frames, (published) => {
        const channels = limited({ framesPerChannel: 4, sizePerChannel: 8, totalSize: 12 });
        published.forEach(({ channel, frame }) => {
          channels.publish(channel, frame);
        });
        const last = published.at(-1);
        const kept = new Map(['a', 'b', 'c'].map((channel) => [channel, heardOn(channels, channel)]));
        expect([...kept.values()].flat().join('').length).toBeLessThanOrEqual(12);
        expect(kept.get(last?.channel ?? '')?.at(-1)).toBe(last?.frame);
        for (const [channel, heard] of kept) {
          const all = published.filter((each) => each.channel === channel).map(({ frame }) => frame);
          expect(heard).toEqual(all.slice(all.length - heard.length));
        }
      }),
    );
  });
});
