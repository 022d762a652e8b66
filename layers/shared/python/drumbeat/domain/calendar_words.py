"""The names of months and days, and what else dates are told with, in the languages that we read (folded, see there).

English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Norwegian and Polish.
"""

import re
from collections.abc import Mapping


def _numbered(*rows: str, first: int) -> Mapping[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


MONTHS = _numbered(
    "january januar januari janner janvier enero gennaio janeiro stycznia styczen jan janv ene",
    "february februar februari feber fevrier febrero febbraio fevereiro lutego luty feb fevr fev",
    "march marz maerz mars marzo marco maart marts marca marzec mar mrz",
    "april avril abril aprile kwietnia kwiecien apr avr abr",
    "may mai mayo maggio maio mei maj maja",
    "june juni juin junio giugno junho czerwca czerwiec jun",
    "july juli juillet julio luglio julho lipca lipiec jul juil",
    "august aout agosto augustus augusti sierpnia sierpien aug",
    "september septembre septiembre setiembre settembre setembro wrzesnia wrzesien sept sep",
    "october oktober octobre octubre ottobre outubro pazdziernika pazdziernik oct okt ott",
    "november novembre noviembre novembro listopada listopad nov",
    "december dezember decembre diciembre dicembre dezembro desember grudnia grudzien dec dez dic des",
    first=1,
)
"""By name and by what it is shortened to, unless that is a word of its own."""

WEEKDAYS = _numbered(
    "monday montag lundi lunes lunedi segunda-feira segunda maandag mandag poniedzialek poniedzialku mon",
    "tuesday dienstag mardi martes martedi terca-feira terca dinsdag tisdag tirsdag wtorek wtorku tue tues",
    "wednesday mittwoch mercredi miercoles mercoledi quarta-feira quarta woensdag onsdag sroda srode srody wed",
    "thursday donnerstag jeudi jueves giovedi quinta-feira quinta donderdag torsdag czwartek czwartku thu thur thurs",
    "friday freitag vendredi viernes venerdi sexta-feira sexta vrijdag fredag piatek piatku fri",
    "saturday samstag sonnabend samedi sabado sabato zaterdag lordag sobota sobote soboty",
    "sunday sonntag dimanche domingo domenica zondag sondag niedziela niedziele niedzieli",
    first=0,
)
"""Monday is 0. Days that are words of their own when shortened (sat, sun) are not among them."""

COUNTS = _numbered(
    "a an one ein eine einen einer einem une un una um uma een en ett",
    "two zwei deux dos due dois duas twee tva to dwa",
    "three drei trois tres tre drie trzy",
    "four vier quatre cuatro quattro quatro fyra fire cztery",
    first=1,
)

UNITS = {
    word: days
    for days, words in {
        1: "day days tag tage tagen jour jours dia dias giorno giorni dag dagen dagar dage dzien dni",
        7: "week weeks woche wochen semaine semaines semana semanas settimana settimane weken vecka veckor uke uker uge"
        " uger tydzien tygodnie tygodni",
        31: "month months monat monate monaten mois mes meses mese mesi maand maanden manad manader",
    }.items()
    for word in words.split()
}
"""How many days each is, at most."""


def one_of(words: Mapping[str, int]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
