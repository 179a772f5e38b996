/**
 * Exports of conversations for auditors.
 *
 * Owns: the schema `compliance` and the bucket of records. Promises: nothing is exported that a second person has not
 * approved; what an export covers is a function of its request and one position of the log, so every attempt makes
 * the same lines; each step and each download stands in the trail. Must not: read the log but through the archive,
 * or hold an export unsealed.
 */
export { ComplianceApiModule, ComplianceJobsModule } from './compliance.module.js';
