/**
 * Puts a text on the clipboard. Browsers grant it only to secure pages; on plain http the old command still works.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  // A dialog keeps the focus within itself, so the text must be put there.
  const place = document.activeElement?.closest('[role=dialog]') ?? document.body;
  place.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}
