import { Module } from '@nestjs/common';
import { EvaluationController } from './evaluation.controller';
import { EvaluationReports } from './evaluation-reports';
import { EvaluationValidity } from './evaluation-validity';

/** What people see of evaluations, and say about them. */
@Module({ controllers: [EvaluationController], providers: [EvaluationReports, EvaluationValidity] })
export class EvaluationReportModule {}
