import { defineCommand } from '../../command-line/command';
import { UsageFailure } from '../../failures/failure';

/** Settings of Keptn 0.7's command, all about asking its makers for new versions. */
const KNOWN = new Map([
  ['automaticversioncheck', /^(?:true|false)$/i],
  ['lastversioncheck', /./],
]);

export const setConfig = defineCommand({
  words: ['set', 'config'],
  summary: 'Accept the settings of the command of Keptn 0.7',
  details:
    'AutomaticVersionCheck and LastVersionCheck are accepted so that scripts go on, and have no effect: this command asks ' +
    'nobody for new versions.',
  arguments: { key: { summary: 'Name of the setting' }, value: { summary: 'Its value' } },
  examples: [{ command: 'keptn set config AutomaticVersionCheck false', says: 'As scripts for Keptn 0.7 do' }],
  run: ({ key, value }, session) => {
    const pattern = KNOWN.get(key.toLowerCase());
    if (pattern === undefined) {
      throw new UsageFailure(`there is no setting "${key}"`, 'There are AutomaticVersionCheck and LastVersionCheck.');
    }
    if (!pattern.test(value)) {
      throw new UsageFailure(`"${value}" is no value of ${key}`, 'It is true or false.');
    }
    session.output.say(`${key} is accepted; this command asks nobody for new versions`);
  },
});
