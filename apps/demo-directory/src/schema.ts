/** How values of an attribute are compared. */
export type Syntax = 'text' | 'telephone' | 'integer' | 'time' | 'dn' | 'binary';

export interface AttributeType {
  /** The name as it is written in answers. */
  readonly name: string;
  readonly syntax: Syntax;
  /** Returned only when asked for by name or by `+`. */
  readonly operational: boolean;
  readonly single: boolean;
  /** Kept by the server: nobody may write it. */
  readonly protected: boolean;
}

const text =
  'objectClass cn displayName sn givenName mail title description dc o ou departmentNumber chanceryPost';
const singleText = 'uid employeeNumber';
const rootText = 'namingContexts supportedControl supportedLDAPVersion vendorName';

const types = new Map<string, AttributeType>();
define(text, 'text');
define(singleText, 'text', { single: true });
define('telephoneNumber mobile', 'telephone');
define('manager', 'dn');
define('jpegPhoto', 'binary');
define('chanceryRank chanceryOrder', 'integer', { single: true });
define('pwdAccountLockedTime', 'time', { single: true, operational: true });
define('entryUUID', 'text', { single: true, operational: true, protected: true });
define('createTimestamp modifyTimestamp', 'time', { single: true, operational: true, protected: true });
define(rootText, 'text', { operational: true, protected: true });

/** Attribute names compare without case, and `jpegPhoto;binary` names the same attribute as `jpegPhoto`. */
export function attributeKey(name: string): string {
  const [base = ''] = name.split(';');
  return base.toLowerCase();
}

/** Undefined for an attribute the directory has never heard of. */
export function attributeType(key: string): AttributeType | undefined {
  return types.get(key);
}

function define(names: string, syntax: Syntax, marks: Partial<AttributeType> = {}): void {
  for (const name of names.split(' ')) {
    types.set(name.toLowerCase(), {
      name,
      syntax,
      operational: false,
      single: false,
      protected: false,
      ...marks,
    });
  }
}
