import { InvalidSli, parseSli, type SliEntry } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { type SliRequest } from './sli-provider';

/** A file that cannot be read; the message says which, where and why. */
export class UnusableSliFile extends Error {}

/** What a provider asks for each indicator: what the project says, overruled by the stage, then by the service. */
@Injectable()
export class SliFiles {
  constructor(private readonly configuration: ConfigurationServiceClient) {}

  /**
   * @param path of the file at each level, such as `prometheus/sli.yaml`
   * @throws UnusableSliFile
   */
  async entries({ project, stage, service }: SliRequest, path: string): Promise<ReadonlyMap<string, SliEntry>> {
    const levels = [{ project }, { project, stage }, { project, stage, service }];
    const texts = await Promise.all(levels.map((level) => this.configuration.content(level, path)));
    const files = texts.map((text, index) => {
      const level = Object.keys(levels[index] ?? {}).at(-1) ?? '';
      return text === undefined ? new Map<string, SliEntry>() : entriesOf(text, `${path} of the ${level}`);
    });
    return new Map(files.flatMap((file) => [...file]));
  }
}

function entriesOf(text: string, name: string): ReadonlyMap<string, SliEntry> {
  try {
    return parseSli(text);
  } catch (error) {
    if (error instanceof InvalidSli) throw new UnusableSliFile(`${name}, ${error.message}`, { cause: error });
    throw error;
  }
}
