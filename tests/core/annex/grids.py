"""Small tables written for one test: `^` is merged with the cell above, `<` with the one to the left."""

from kaoping.core.original import Cell, Grid


def letter(column):
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column - 26)}"


def grid(text, *, place="附件1.xlsx“任务表”", title=""):
    """A grid from lines of cells divided by `|`; `\\n` in a cell is a line break."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return grid_of([[cell.strip() for cell in line.split("|")] for line in lines], place, title)


def grid_of(table, place="附件1.xlsx“任务表”", title=""):
    width = max(len(row) for row in table)
    rows: list[tuple[Cell, ...]] = []
    for at, row in enumerate(table):
        cells: list[Cell] = []
        for column in range(width):
            words = row[column] if column < len(row) else ""
            if words == "^":
                cells.append(rows[at - 1][column])
            elif words == "<":
                cells.append(cells[-1])
            else:
                address = f"{place}{letter(column)}{at + 1}"
                cells.append(Cell(words.replace("\\n", "\n"), address, (at, column)))
        rows.append(tuple(cells))
    return Grid(place, title, tuple(rows))


def value(found):
    return found.value if found else None


def values(found):
    return [one.value for one in found]


def told(reading):
    """What a reading tells, as plain values: indicator, points, and (number, name, points) of tasks."""
    return [
        (
            value(indicator.name),
            value(indicator.points),
            [(value(t.number), value(t.name), value(t.points)) for t in indicator.tasks],
        )
        for indicator in reading.indicators
    ]


def task_of(reading, name):
    (found,) = [task for task in reading.tasks if task.name.value == name]
    return found


def unread(reading):
    return [source.text for source in reading.unread]


def asked(reading):
    return [decision.message for decision in reading.decisions]
