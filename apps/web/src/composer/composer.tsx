import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { AtSign, Paperclip, SendHorizontal } from 'lucide-react';
import { memo, useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { textBytes } from '#client';
import { limits, type Conversation, type Member } from '#contracts';
import { client } from '../session/service.js';
import { useSettings } from '../settings/settings.js';
import { useMe } from '../shell/me.js';
import { useWords } from '../words/index.js';
import { useAttachments } from './attachments.js';
import classes from './composer.module.css';
import { draftOf, keepDraft } from './drafts.js';
import { DropZone } from './drop-zone.js';
import { EmojiButton } from './emoji-button.js';
import { MentionPicker, useMentionChoices } from './mention-picker.js';
import { mentionAt, withMention, type MentionQuery } from './mentions.js';
import { Note } from './note.js';
import { Tray } from './tray.js';
import { useSending } from './use-sending.js';

interface ComposerProps {
  conversation: Conversation;
  members: readonly Member[];
}

/** Drawn anew for what it shows, not for every message: measuring the field costs more than all the rest. */
export const Composer = memo(Fields, isSameComposer);

function isSameComposer(a: ComposerProps, b: ComposerProps): boolean {
  const [{ id, name, kind }, other] = [a.conversation, b.conversation];
  const isSame = id === other.id && name === other.name && kind === other.kind;
  // Only groups can mention members; who has read how far is of no matter here.
  return isSame && (kind !== 'group' || isSamePeople(a.members, b.members));
}

const isSamePeople = (a: readonly Member[], b: readonly Member[]): boolean =>
  a === b || (a.length === b.length && a.every(({ person }, i) => person === b[i]!.person));

function Fields({ conversation, members }: ComposerProps) {
  const { t } = useWords();
  const me = useMe();
  const { sendKey } = useSettings();
  const { id, name, kind } = conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => draftOf(id));
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [mention, setMention] = useState<MentionQuery>();
  const [active, setActive] = useState(0);
  const [attachments, list] = useAttachments();
  const choices = useMentionChoices(kind === 'group' ? members : [], me.id, mention?.text);
  const { send, error } = useSending(id, attachments, (refused) => {
    setText(refused.text);
    setChosen((since) => new Map([...refused.chosen, ...since]));
  });
  const bytesLeft = limits.textBytes - textBytes(text.trim());
  const isUploading = list.some(({ fileId }) => fileId === undefined);
  const maySend = bytesLeft >= 0 && !isUploading && (text.trim() !== '' || list.length > 0);

  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);

  const write = (next: string, caret: number) => {
    setText(next);
    keepDraft(id, next);
    if (next.trim() !== '') client.typing(id);
    setMention(kind === 'group' ? mentionAt(next, caret) : undefined);
    setActive(0);
  };
  const insert = (inserted: string) => {
    const { selectionStart: from = text.length, selectionEnd: to = text.length } = field.current ?? {};
    place(text.slice(0, from) + inserted + text.slice(to), from + inserted.length);
  };
  const place = (next: string, caret: number) => {
    write(next, caret);
    // Once React has put the text there.
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const choose = ({ person }: Member) => {
    const done = withMention(text, mention!, person.displayName);
    setChosen(new Map(chosen).set(person.id, person.displayName));
    place(done.text, done.caret);
    setMention(undefined);
  };
  const submit = () => {
    if (!maySend) return;
    void send({ text, chosen });
    // At once, so that what is written next is not taken for what is being sent.
    setText('');
    setChosen(new Map());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends the choice of an input method sends nothing.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (mention && choices.length > 0 && pick(event)) return event.preventDefault();
    if (event.key === 'Escape' && mention) {
      event.preventDefault();
      return setMention(undefined);
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (sendKey === 'enter' ? !isCommand : isCommand) {
      event.preventDefault();
      submit();
    }
  };
  const pick = (event: KeyboardEvent): boolean => {
    if (event.key === 'ArrowDown') setActive((active + 1) % choices.length);
    else if (event.key === 'ArrowUp') setActive((active + choices.length - 1) % choices.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(choices[active]!);
    else return false;
    return true;
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  };

  return (
    <DropZone onFiles={(files) => attachments.add(files)}>
      {mention && kind === 'group' && <MentionPicker choices={choices} active={active} onChoose={choose} />}
      <div className={classes['composer']}>
        <Tray attachments={attachments} list={list} />
        <Textarea
          ref={field}
          classNames={{ input: classes['input'] }}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={14}
          value={text}
          placeholder={t('composer.placeholder', { name: shortened(name ?? '') })}
          aria-label={t('composer.label')}
          onChange={(event) => write(event.currentTarget.value, event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => setMention(undefined)}
          data-testid="composer"
        />
        <div className={classes['bar']}>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            data-testid="file-input"
            onChange={(event) => {
              attachments.add(event.currentTarget.files ?? []);
              event.currentTarget.value = '';
            }}
          />
          <Tool label={t('composer.attach')} testId="attach" onClick={() => picker.current?.click()}>
            <Paperclip size={18} strokeWidth={1.8} aria-hidden />
          </Tool>
          <EmojiButton onChoose={insert} />
          {kind === 'group' && (
            <Tool label={t('composer.mention')} testId="mention" onClick={() => insert('@')}>
              <AtSign size={18} strokeWidth={1.8} aria-hidden />
            </Tool>
          )}
          <Note error={error} bytesLeft={bytesLeft} isUploading={isUploading} />
          <ActionIcon
            variant={maySend ? 'filled' : 'default'}
            size={34}
            disabled={!maySend}
            aria-label={t('composer.send')}
            onClick={submit}
            data-testid="send"
          >
            <SendHorizontal size={17} aria-hidden />
          </ActionIcon>
        </div>
      </div>
    </DropZone>
  );
}

/** The hint in an empty field stays on one line. */
const shortened = (name: string): string => (name.length > 18 ? `${name.slice(0, 17)}…` : name);

interface ToolProps {
  label: string;
  testId: string;
  onClick: () => void;
  children: React.ReactNode;
}

function Tool({ label, testId, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={label}
        // The field keeps the keyboard and its caret.
        onMouseDown={(event) => event.preventDefault()}
        onClick={onClick}
        data-testid={testId}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
