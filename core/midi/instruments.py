"""Owns the names of the General MIDI instruments.

Knows nothing about pieces. music21 has instruments too, but one name for many programs.
"""

from __future__ import annotations

_NAMES = """\
Acoustic grand piano, Bright acoustic piano, Electric grand piano, Honky-tonk piano, Electric piano 1,\
 Electric piano 2, Harpsichord, Clavinet,\
 Celesta, Glockenspiel, Music box, Vibraphone, Marimba, Xylophone, Tubular bells, Dulcimer,\
 Drawbar organ, Percussive organ, Rock organ, Church organ, Reed organ, Accordion, Harmonica, Tango accordion,\
 Nylon-string guitar, Steel-string guitar, Jazz guitar, Clean electric guitar, Muted electric guitar,\
 Overdriven guitar, Distorted guitar, Guitar harmonics,\
 Acoustic bass, Fingered bass, Picked bass, Fretless bass, Slap bass 1, Slap bass 2, Synth bass 1, Synth bass 2,\
 Violin, Viola, Cello, Contrabass, Tremolo strings, Pizzicato strings, Orchestral harp, Timpani,\
 String ensemble 1, String ensemble 2, Synth strings 1, Synth strings 2, Choir aahs, Voice oohs, Synth voice,\
 Orchestra hit,\
 Trumpet, Trombone, Tuba, Muted trumpet, French horn, Brass section, Synth brass 1, Synth brass 2,\
 Soprano sax, Alto sax, Tenor sax, Baritone sax, Oboe, English horn, Bassoon, Clarinet,\
 Piccolo, Flute, Recorder, Pan flute, Blown bottle, Shakuhachi, Whistle, Ocarina,\
 Square lead, Sawtooth lead, Calliope lead, Chiff lead, Charang lead, Voice lead, Fifths lead, Bass and lead,\
 New age pad, Warm pad, Polysynth pad, Choir pad, Bowed pad, Metallic pad, Halo pad, Sweep pad,\
 Rain, Soundtrack, Crystal, Atmosphere, Brightness, Goblins, Echoes, Sci-fi,\
 Sitar, Banjo, Shamisen, Koto, Kalimba, Bagpipe, Fiddle, Shanai,\
 Tinkle bell, Agogo, Steel drums, Woodblock, Taiko drum, Melodic tom, Synth drum, Reverse cymbal,\
 Guitar fret noise, Breath noise, Seashore, Bird tweet, Telephone ring, Helicopter, Applause, Gunshot"""

INSTRUMENTS: tuple[str, ...] = tuple(_NAMES.split(", "))
"""The name of each program, 0..127."""
