-- A run is asked for by the name it was given; without this the values of all runs are looked through.

CREATE INDEX runs_label ON runs (label) WHERE label IS NOT NULL;
