/** Why a paste is asked about, in words. */
import type { PasteFindings } from './paste.ts';

export function findingsText(found: PasteFindings, bracketed: boolean): string {
  const sentences = [linesText(found, bracketed), hiddenText(found)];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function linesText({ lines, endsLine }: PasteFindings, bracketed: boolean): string {
  if (lines === 1 && !endsLine) return '';
  const count = lines === 1 ? 'One line that ends' : `${lines.toLocaleString('en-US')} lines`;
  if (bracketed) return `${count}. The program takes them as one paste and decides what runs.`;
  return `${count}: each line runs at once where it ends.`;
}

function hiddenText({ controls, invisible }: PasteFindings): string {
  const parts = [counted(controls, 'control character'), counted(invisible, 'invisible character')];
  const named = parts.filter((part) => part !== '').join(' and ');
  return named === '' ? '' : `It holds ${named}, which can do more than be shown.`;
}

const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
