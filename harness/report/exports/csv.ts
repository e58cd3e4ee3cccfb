import type { ExportFormat } from '../export-formats.ts';
import { csvSummary } from '../table.ts';

export default {
  names: ['csv'],
  help: 'the same table as summary.csv',
  export: csvSummary,
} satisfies ExportFormat;
