import { describe, expect, it } from 'vitest';
import { subjectRefusal } from './subject';

describe('the subject of an event', () => {
  it.each(['sh.keptn.event.configuration.change', 'com.example.build-finished', 'ä.b'])('is its type: %s', (type) => {
    expect(subjectRefusal(type)).toBeUndefined();
  });

  it.each(['', 'sh keptn', 'sh..keptn', '.sh', 'sh.', 'sh.*', 'sh.keptn.>', 'sh.ke*tn', 'a\r\nPUB b 0', 'a\u0000b'])(
    'does not exist for the type "%s"',
    (type) => {
      expect(subjectRefusal(type)).toContain('is no subject of NATS');
    },
  );

  it.each(['$JS.API.STREAM.DELETE.keptn', '$SYS.REQ.SERVER.PING', '_INBOX.a.b'])(
    'is never one that the server acts on: %s',
    (type) => {
      expect(subjectRefusal(type)).toContain('is a reserved subject');
    },
  );

  it('is not used for messages of channels, which no service of Keptn expects there', () => {
    expect(subjectRefusal('sh.keptn.events.log')).toBeDefined();
  });
});
