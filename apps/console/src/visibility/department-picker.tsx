import { ActionIcon, Box, Checkbox, Group, Input, Pill, Text } from '@mantine/core';
import type { Department } from '#contracts';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNote } from '../parts/states.js';
import { useAnswer } from '../service.js';

/** The largest page; a department with more below it is opened by its own. */
const shown = 200;
export const departmentsMost = 50;

interface DepartmentPickerProps {
  chosen: string[];
  choose: (ids: string[]) => void;
}

/** Departments of the tree; each stands for everything below it. */
export function DepartmentPicker({ chosen, choose }: DepartmentPickerProps) {
  const { t } = useTranslation();
  const toggle = (id: string) => {
    if (chosen.includes(id)) choose(chosen.filter((one) => one !== id));
    else if (chosen.length < departmentsMost) choose([...chosen, id]);
  };
  return (
    <Input.Wrapper label={t('visibility/departments')} description={t('visibility/departmentsHint')}>
      {chosen.length > 0 && (
        <Pill.Group my={6}>
          {chosen.map((id) => (
            <ChosenDepartment key={id} id={id} remove={() => toggle(id)} />
          ))}
        </Pill.Group>
      )}
      <Box mt={6} mah={220} className="tree-box">
        <Level parent={undefined} chosen={chosen} toggle={toggle} depth={0} />
      </Box>
    </Input.Wrapper>
  );
}

export function DepartmentName({ id }: { id: string }) {
  const { data } = useAnswer('department', { params: { departmentId: id } });
  return <>{data?.name ?? '…'}</>;
}

function ChosenDepartment({ id, remove }: { id: string; remove: () => void }) {
  const { t } = useTranslation();
  return (
    <Pill withRemoveButton onRemove={remove} removeButtonProps={{ 'aria-label': t('visibility/remove') }}>
      <DepartmentName id={id} />
    </Pill>
  );
}

interface LevelProps {
  parent: string | undefined;
  chosen: string[];
  toggle: (id: string) => void;
  depth: number;
}

function Level({ parent, ...rest }: LevelProps) {
  const query = { limit: shown, ...(parent !== undefined && { parent }) };
  const { data, error } = useAnswer('departments', { query });
  return (
    <>
      <FaultNote error={error} />
      {data?.items.map((department) => (
        <Branch key={department.id} department={department} {...rest} />
      ))}
    </>
  );
}

function Branch({
  department,
  chosen,
  toggle,
  depth,
}: Omit<LevelProps, 'parent'> & { department: Department }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { id, name, childCount, peopleCount } = department;
  return (
    <>
      <Group gap={4} wrap="nowrap" pl={depth * 18} mih={30}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t(isOpen ? 'visibility/shut' : 'visibility/unfold', { name })}
          aria-expanded={isOpen}
          style={{ visibility: childCount > 0 ? 'visible' : 'hidden' }}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        </ActionIcon>
        <Checkbox size="xs" label={name} checked={chosen.includes(id)} onChange={() => toggle(id)} />
        <Text size="xs" c="dimmed" className="number">
          {peopleCount}
        </Text>
      </Group>
      {isOpen && <Level parent={id} chosen={chosen} toggle={toggle} depth={depth + 1} />}
    </>
  );
}
