import { Failure } from '../failures/failure';

const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/**
 * The text of a file in UTF-8; a byte order mark, as PowerShell writes it, is not part of it (RFC 8259, 8.1).
 *
 * @param file name of it, for the message
 * @throws Failure when it is in UTF-16
 */
export function decodeText(content: Buffer, file: string): string {
  if (UTF_16.some((mark) => content.subarray(0, mark.length).equals(mark))) {
    throw new Failure('usage', `${file} is in UTF-16, only UTF-8 can be read`, {
      hint: 'In PowerShell, write it with "Out-File -Encoding utf8".',
    });
  }
  return new TextDecoder().decode(content);
}
