/** The program of the report's page: draws its pictures, sorts its tables, shows its rounds and samples. */
import { Chart, registerables } from 'chart.js';
import * as errorBars from 'chartjs-chart-error-bars';
import annotation from 'chartjs-plugin-annotation';
import { registerComponents } from '../../../charts/components.ts';
import { PALETTES } from '../../../charts/palette.ts';
import { createPainter, type Drawers } from '../../../charts/pictures.ts';
import type { ExperimentData, PageData } from '../data.ts';
import { createFigure } from './figure.ts';
import { roundsIn, samplesTable } from './single-rounds.ts';
import { makeSortable } from './sorting.ts';
import { createTuneFigure } from './tune-figure.ts';

Chart.register(...registerables);
registerComponents(Chart, errorBars, annotation);

/** Makes the page interactive, with the drawers of all kinds of charts. The bundle calls it. */
export function start(drawers: Drawers): void {
  const { experiments, tune }: PageData = JSON.parse(document.getElementById('data')!.textContent!);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let painter = createPainter(drawers);
  /** The selected round by experiment; without an entry, no single round is shown. */
  const chosenRounds = new Map<string, number>();

  function experimentOf({ dataset }: HTMLElement): ExperimentData {
    return experiments.find(({ id }) => id === dataset.experiment)!;
  }

  const figures = [...document.querySelectorAll<HTMLElement>('figure[data-experiment]')].map((element) => {
    const own = experimentOf(element);
    return {
      own,
      draw: createFigure(
        element,
        own,
        () => painter,
        () => chosenRounds.get(own.id),
      ),
    };
  });

  const tuneFigure = document.querySelector<HTMLElement>('figure[data-tune]');
  const drawTune = tuneFigure === null || tune === undefined ? () => {} : createTuneFigure(tuneFigure, tune);

  function drawAll(colours: keyof typeof PALETTES = dark.matches ? 'dark' : 'light'): void {
    painter = createPainter(drawers, PALETTES[colours]);
    for (const figure of figures) figure.draw();
    drawTune(PALETTES[colours]);
  }

  function watchRounds(element: HTMLElement): void {
    const own = experimentOf(element);
    const rounds = roundsIn(own);
    const [slider, shown] = [element.querySelector('input')!, element.querySelector('output')!];
    const details = element.querySelector('details')!;
    const showSamples = () => {
      if (!details.open) return;
      details.querySelector('.scroll')?.remove();
      details.append(samplesTable(own, chosenRounds.get(own.id)));
    };
    slider.addEventListener('input', () => {
      const round = rounds[Number(slider.value) - 1];
      if (round === undefined) chosenRounds.delete(own.id);
      else chosenRounds.set(own.id, round);
      shown.textContent = round === undefined ? 'all rounds' : `round ${round} of ${rounds.length}`;
      for (const figure of figures) if (figure.own === own) figure.draw();
      showSamples();
    });
    // Created on demand: there are thousands of samples.
    details.addEventListener('toggle', showSamples);
  }

  makeSortable(document);
  for (const element of document.querySelectorAll<HTMLElement>('.rounds')) watchRounds(element);
  dark.addEventListener('change', () => drawAll());
  // For print, colours are light and all details are open.
  let openedForPaper: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    openedForPaper = [...document.querySelectorAll<HTMLDetailsElement>('details:not(.raw):not([open])')];
    for (const details of openedForPaper) details.open = true;
    drawAll('light');
  });
  addEventListener('afterprint', () => {
    for (const details of openedForPaper) details.open = false;
    drawAll();
  });
  // A canvas does not redraw when a font arrives, so the fonts load first.
  const fonts = ['400', '600'].map((weight) => document.fonts.load(`${weight} 13px Inter`));
  Promise.allSettled(fonts).then(() => {
    drawAll();
    document.documentElement.dataset.drawn = 'true';
  });
}
