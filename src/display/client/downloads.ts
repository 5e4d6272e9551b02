/** The mode bar of a chart: zoom and hover as Plotly has them, and downloads of picture and data. */
import type * as PlotlyModule from "plotly.js-dist";
import type { Figure } from "../../charts/figure.js";
import { figureCsv } from "../figure-csv.js";
import { themed } from "../theme.js";
import type { Plotly } from "./library.js";

/**
 * Plotly's configuration for a chart; what the figure's own says comes first.
 *
 * @param current - the figure, which may become another one
 */
export function modeBar(
  library: Plotly,
  plot: HTMLElement,
  current: () => Figure,
): Partial<PlotlyModule.Config> {
  const { Icons } = library;
  const picture = (format: "png" | "svg") => () => downloadPicture(library, plot, current(), format);
  const button = (title: string, icon: PlotlyModule.Icon, click: () => void) => ({
    name: title,
    title,
    icon,
    click,
  });
  return {
    displaylogo: false,
    // Plotly's default is a button that uploads the chart.
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtonsToRemove: ["toImage", "select2d", "lasso2d", "autoScale2d"],
    modeBarButtonsToAdd: [
      button("Download picture (PNG)", Icons.camera, picture("png")),
      button("Download picture (SVG)", Icons["camera-retro"], picture("svg")),
      button("Download data (CSV)", Icons.disk, () =>
        save(`${fileName(current())}.csv`, "text/csv", figureCsv(current())),
      ),
      button("Download figure (JSON)", Icons["curlybraces" as "disk"], () =>
        save(`${fileName(current())}.json`, "application/json", JSON.stringify(current(), null, 1)),
      ),
    ],
    ...current().config,
  };
}

function fileName(figure: Figure): string {
  const { title } = figure.layout;
  const text = (typeof title === "string" ? title : title?.text) ?? "";
  return (
    text
      .toLowerCase()
      .replace(/<[^>]*>/g, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "chart"
  );
}

/** As it stands now (zoomed, at its frame), but on white: a picture leaves the page's theme behind. */
export function downloadPicture(
  library: Plotly,
  plot: HTMLElement,
  figure: Figure,
  format: "png" | "svg",
): void {
  const { data, layout } = plot as HTMLElement & {
    data: PlotlyModule.Data[];
    layout: Partial<PlotlyModule.Layout>;
  };
  const onWhite = themed({ paper_bgcolor: "white", ...layout }, "light");
  const { clientWidth: width, clientHeight: height } = plot;
  const filename = fileName(figure);
  library.downloadImage({ data, layout: onWhite }, { format, filename, width, height, scale: 2 } as never);
}

/** Hands a file to the reader. */
export function save(filename: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = filename;
  link.click();
  // Some browsers read the link only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
