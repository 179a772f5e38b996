import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Ink blue, the one accent: only where one can act. */
const ink: MantineColorsTuple = [
  '#eff3fb',
  '#dfe7f6',
  '#bccbec',
  '#9db3e8',
  '#7c9be8',
  '#5474c4',
  '#3d5fb0',
  '#2b4c9b',
  '#233f82',
  '#1b3167',
];

/** Cool greys of the dark scheme; Mantine reads text, borders and surfaces from these places. */
const dark: MantineColorsTuple = [
  '#e3e6ec',
  '#c3c9d4',
  '#9aa3b2',
  '#7d8799',
  '#3a4150',
  '#2c323e',
  '#232833',
  '#1b1f28',
  '#15181f',
  '#101318',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: { ink, dark },
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
  fontFamilyMonospace: '"SF Mono", "Cascadia Mono", Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.5', sm: '1.6', md: '1.6', lg: '1.5', xl: '1.4' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  components: {
    Button: { defaultProps: { variant: 'filled' }, styles: { label: { fontWeight: 500 } } },
    SegmentedControl: { styles: { label: { fontWeight: 500 } } },
  },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' } } },
});

/** Surfaces and signal colours beside Mantine's own; used as `var(--page)` and so on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--page': '#f3f5f8',
    '--surface': '#ffffff',
    '--rail': '#e9ecf2',
    '--line': '#e1e5ec',
    '--hover': '#f0f3f8',
    '--selected': '#e4ebf8',
    '--text': '#1d2330',
    '--text-secondary': '#5b6577',
    '--accent': '#2b4c9b',
    '--accent-soft': '#e4ebf8',
    '--danger': '#c9303a',
    '--danger-soft': '#fdeced',
    '--waiting': '#8a5a00',
    '--waiting-soft': '#fdf3dd',
    '--good': '#1f7a44',
    '--good-soft': '#e2f4e9',
    '--quiet-soft': '#eceff4',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1d2330',
    '--mantine-color-dimmed': '#5b6577',
    '--mantine-color-placeholder': '#7b8496',
  },
  dark: {
    '--page': '#12151b',
    '--surface': '#1a1e26',
    '--rail': '#0e1116',
    '--line': '#2a303b',
    '--hover': '#222731',
    '--selected': '#263252',
    '--text': '#e3e6ec',
    '--text-secondary': '#a0a9b8',
    '--accent': '#7c9be8',
    '--accent-soft': '#263252',
    '--danger': '#f0777f',
    '--danger-soft': '#3c2226',
    '--waiting': '#e0b25c',
    '--waiting-soft': '#352c18',
    '--good': '#5fcb8e',
    '--good-soft': '#1b3527',
    '--quiet-soft': '#262c37',
    '--mantine-color-body': '#1a1e26',
    '--mantine-color-text': '#e3e6ec',
    '--mantine-color-dimmed': '#a0a9b8',
    '--mantine-color-placeholder': '#838d9f',
  },
});
