import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';

const pauseMs = 250;

interface SearchFieldProps {
  value: string;
  search: (text: string) => void;
  placeholder: string;
}

/** Searches once the typist pauses. */
export function SearchField({ value, search, placeholder }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const later = useDebouncedCallback((sought: string) => {
    setKnown(sought);
    search(sought);
  }, pauseMs);
  // The address may change by itself, by going back or by clearing all filters; what is being typed stays.
  if (value !== known) {
    setKnown(value);
    setText(value);
  }
  return (
    <TextInput
      className="search-field"
      type="search"
      leftSection={<Search size={16} />}
      placeholder={placeholder}
      aria-label={placeholder}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        later(currentTarget.value.trim());
      }}
      data-testid="search"
    />
  );
}
