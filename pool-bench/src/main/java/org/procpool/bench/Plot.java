package org.procpool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/** A line plot as SVG; colours come from the style sheet of the page that it is put into. */
final class Plot {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 300;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 12;
    private static final int BOTTOM = 40;
    private static final int TICKS = 5;
    /** More dots would only make the line thick. */
    private static final int DOTS_MAX = 60;

    /** How numbers lie on an axis. */
    enum Scale {
        LINEAR,
        LOG
    }

    /** A line of the plot. */
    private record Series(String name, int colour, List<double[]> points) {}

    private final String xName;
    private final Scale yScale;
    private final DoubleUnaryOperator place;
    private final DoubleFunction<String> xText;
    private final DoubleFunction<String> yText;
    private final List<Double> xTicks;
    private final List<Series> all = new ArrayList<>();

    /**
     * An empty one.
     *
     * @param place where an x lies; any numbers that grow with it
     * @param xTicks empty = a few, evenly spread
     */
    Plot(
            String xName,
            DoubleUnaryOperator place,
            List<Double> xTicks,
            DoubleFunction<String> xText,
            Scale yScale,
            DoubleFunction<String> yText) {
        this.xName = xName;
        this.place = place;
        this.xTicks = xTicks;
        this.xText = xText;
        this.yScale = yScale;
        this.yText = yText;
    }

    /**
     * Adds a line.
     *
     * @param colour one of six, from 0
     */
    void add(String name, int colour, List<double[]> points) {
        List<double[]> drawn = points.stream()
                .filter(point -> yScale == Scale.LINEAR || point[1] > 0)
                .toList();
        if (!drawn.isEmpty()) {
            all.add(new Series(name, colour % 6, drawn));
        }
    }

    String svg() {
        if (all.isEmpty()) {
            return "";
        }
        double[] xs = range(0);
        if (xTicks.isEmpty()) {
            xs[0] = 0;
        }
        double left = place.applyAsDouble(xs[0]);
        double width = Math.max(1e-9, place.applyAsDouble(xs[1]) - left);
        DoubleUnaryOperator toX = x -> LEFT + (place.applyAsDouble(x) - left) / width * (WIDTH - LEFT - RIGHT);
        List<Double> yTicks = yTicks(range(1));
        double low = onScale(yTicks.get(0));
        double height = Math.max(1e-9, onScale(yTicks.get(yTicks.size() - 1)) - low);
        DoubleUnaryOperator toY =
                y -> HEIGHT - BOTTOM - (onScale(Math.max(y, yTicks.get(0))) - low) / height * (HEIGHT - TOP - BOTTOM);
        StringBuilder svg = new StringBuilder();
        append(svg, "<svg viewBox='0 0 %d %d' role='img'>", WIDTH, HEIGHT);
        for (double tick : yTicks) {
            double y = toY.applyAsDouble(tick);
            append(svg, "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, WIDTH - RIGHT, y, y);
            append(
                    svg,
                    "<text class='tick' x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    LEFT - 8,
                    y + 4,
                    yText.apply(tick));
        }
        for (double tick : xTicks.isEmpty() ? even(xs) : xTicks) {
            if (tick >= xs[0] && tick <= xs[1]) {
                append(
                        svg,
                        "<text class='tick' x='%.1f' y='%d' text-anchor='middle'>%s</text>",
                        toX.applyAsDouble(tick),
                        HEIGHT - BOTTOM + 18,
                        xText.apply(tick));
            }
        }
        append(
                svg,
                "<text class='axis' x='%d' y='%d' text-anchor='middle'>%s</text>",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 4,
                xName);
        all.forEach(series -> append(svg, series, toX, toY));
        return svg.append("</svg>").append(legend()).toString();
    }

    private void append(StringBuilder svg, Series series, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
        append(svg, "<polyline class='line c%d' points='", series.colour());
        for (double[] point : series.points()) {
            append(svg, "%.1f,%.1f ", toX.applyAsDouble(point[0]), toY.applyAsDouble(point[1]));
        }
        svg.append("'/>");
        int every = Math.max(1, series.points().size() / DOTS_MAX);
        for (int i = 0; i < series.points().size(); i += every) {
            double[] point = series.points().get(i);
            append(
                    svg,
                    "<circle class='dot c%d' cx='%.1f' cy='%.1f' r='6'><title>%s: %s at %s</title></circle>",
                    series.colour(),
                    toX.applyAsDouble(point[0]),
                    toY.applyAsDouble(point[1]),
                    HtmlReport.escaped(series.name()),
                    yText.apply(point[1]),
                    xText.apply(point[0]));
        }
    }

    private String legend() {
        StringBuilder legend = new StringBuilder("<p class='legend'>");
        for (Series series : all) {
            append(legend, "<span><i class='c%d'></i>%s</span>", series.colour(), HtmlReport.escaped(series.name()));
        }
        return legend.append("</p>").toString();
    }

    private static void append(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    private double[] range(int coordinate) {
        double min = Double.MAX_VALUE;
        double max = -Double.MAX_VALUE;
        for (Series series : all) {
            for (double[] point : series.points()) {
                min = Math.min(min, point[coordinate]);
                max = Math.max(max, point[coordinate]);
            }
        }
        return new double[] {min, max};
    }

    private double onScale(double y) {
        return yScale == Scale.LOG ? Math.log10(y) : y;
    }

    private List<Double> yTicks(double[] range) {
        List<Double> ticks = new ArrayList<>();
        if (yScale == Scale.LOG) {
            double last = Math.max(Math.ceil(Math.log10(range[1])), Math.floor(Math.log10(range[0])) + 1);
            for (double power = Math.floor(Math.log10(range[0])); power <= last; power++) {
                ticks.add(Math.pow(10, power));
            }
            return ticks;
        }
        double step = roundStep(Math.max(range[1], 1e-9) / TICKS);
        for (int i = 0; ticks.isEmpty() || ticks.get(i - 1) < range[1]; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double roundStep(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double digit = step / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static List<Double> even(double[] range) {
        List<Double> ticks = new ArrayList<>();
        double step = roundStep(Math.max(range[1] - range[0], 1e-9) / TICKS);
        for (double tick = Math.ceil(range[0] / step) * step; tick <= range[1]; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }
}
