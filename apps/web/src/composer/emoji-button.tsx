import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { Smile } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../words/index.js';
import classes from './composer.module.css';

const emoji = [
  ...['😀', '😄', '😂', '😊', '🙂', '😉', '😍', '😘', '😎', '🤔', '😅', '😓', '😢', '😭', '😡', '😴'],
  ...['👍', '👎', '👌', '🙏', '👏', '💪', '🤝', '✌️', '👋', '🫡', '❤️', '🎉', '🌹', '☕', '🍵', '🔥'],
  ...['✅', '❌', '⚠️', '❓', '❗', '💯', '⏰', '📌', '📎', '📅', '📈', '📝', '💡', '🚩', '🏆', '🚀'],
];

export function EmojiButton({ onChoose }: { onChoose: (character: string) => void }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-start" shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <Tooltip label={t('composer.emoji')} openDelay={400}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={t('composer.emoji')}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Smile size={18} strokeWidth={1.8} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <div className={classes['emoji']}>
          {emoji.map((character) => (
            <button
              key={character}
              type="button"
              onClick={() => {
                setOpen(false);
                onChoose(character);
              }}
            >
              {character}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
