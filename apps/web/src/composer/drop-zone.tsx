import { useState, type DragEvent, type ReactNode } from 'react';
import { useWords } from '../words/index.js';
import classes from './composer.module.css';

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Takes files that are dropped anywhere near the field. */
export function DropZone({ onFiles, children }: DropZoneProps) {
  const { t } = useWords();
  const [isOver, setOver] = useState(false);
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={classes['zone']}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      data-testid="drop-zone"
    >
      {children}
      {isOver && <div className={classes['drop']}>{t('composer.drop')}</div>}
    </div>
  );
}
