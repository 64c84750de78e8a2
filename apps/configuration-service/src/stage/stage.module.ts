import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { ViewModule } from '../view/view.module';
import { StageController } from './stage.controller';
import { StageService } from './stage.service';

@Module({ imports: [GitModule, ViewModule], controllers: [StageController], providers: [StageService] })
export class StageModule {}
