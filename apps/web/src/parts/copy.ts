/** Puts a text on the clipboard, also on plain http, where browsers do not offer theirs. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard as Clipboard | undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
