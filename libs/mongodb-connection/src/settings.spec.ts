import { describe, expect, it } from 'vitest';
import { mongodbSettings } from './settings';

const faultOf = (uri: string): string | undefined =>
  mongodbSettings.MONGODB_URI.safeParse(uri).error?.issues[0]?.message;

describe('MONGODB_URI', () => {
  it.each([
    'mongodb://localhost:27017/keptn',
    'mongodb+srv://user:password@cluster.example.com/keptn?retryWrites=true',
    'mongodb://a:1,b:2/keptn?replicaSet=rs0&readPreference=primary&tls=true',
  ])('may be %s', (uri) => {
    expect(faultOf(uri)).toBeUndefined();
  });

  it.each(['mongodb://localhost:27017', 'http://localhost/keptn'])('needs a database: %s', (uri) => {
    expect(faultOf(uri)).toContain('with the name of a database');
  });

  it.each(['secondary', 'nearest', 'secondaryPreferred', 'primaryPreferred'])(
    'reads what was just written, so readPreference=%s is refused',
    (preference) => {
      expect(faultOf(`mongodb://a:1/keptn?w=1&readpreference=${preference}`)).toContain('readPreference');
    },
  );
});
