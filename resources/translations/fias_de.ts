<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AdviceEntry</name>
    <message>
        <source>You asked: {0}</source>
        <translation>Du hast gefragt: {0}</translation>
    </message>
    <message>
        <source>Taken at the second try. Refused before:</source>
        <translation>Erst beim zweiten Versuch übernommen. Vorher abgelehnt:</translation>
    </message>
    <message>
        <source>The fixed phrases speak: the language model&apos;s words were refused.</source>
        <translation>Die festen Sätze sprechen: Die Worte des Sprachmodells wurden abgelehnt.</translation>
    </message>
    <message>
        <source>The fixed phrases speak: no language model is in use.</source>
        <translation>Die festen Sätze sprechen: Es wird kein Sprachmodell benutzt.</translation>
    </message>
</context>
<context>
    <name>AdvicePanel</name>
    <message>
        <source>Coach</source>
        <translation>Coach</translation>
    </message>
    <message>
        <source>After a set the coach says what to work on. Cues appear on the picture while you move.</source>
        <translation>Nach einem Satz sagt der Coach, woran zu arbeiten ist. Hinweise erscheinen im Bild, während du trainierst.</translation>
    </message>
    <message>
        <source>Advise now</source>
        <translation>Jetzt beraten</translation>
    </message>
    <message>
        <source>Ask the coach about the set so far</source>
        <translation>Den Coach nach dem bisherigen Satz fragen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop the coach at once</source>
        <translation>Den Coach sofort anhalten</translation>
    </message>
    <message>
        <source>What was the model told?</source>
        <translation>Was wurde dem Modell gesagt?</translation>
    </message>
    <message>
        <source>Save what was said as subtitles</source>
        <translation>Gesagtes als Untertitel speichern</translation>
    </message>
    <message>
        <source>Writing …</source>
        <translation>Schreibt …</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>No advice was given.</source>
        <translation>Es gab keinen Rat.</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>CoachView</name>
    <message>
        <source>Save what was said</source>
        <translation>Gesagtes speichern</translation>
    </message>
    <message>
        <source>The subtitles are in {0}.</source>
        <translation>Die Untertitel sind in {0}.</translation>
    </message>
</context>
<context>
    <name>CounterPanel</name>
    <message>
        <source>This set</source>
        <translation>Dieser Satz</translation>
    </message>
    <message>
        <source>No repetition yet</source>
        <translation>Noch keine Wiederholung</translation>
    </message>
    <message>
        <source>Set done: 1 repetition of {0}, {1} with good form</source>
        <translation>Satz beendet: 1 Wiederholung {0}, {1} sauber ausgeführt</translation>
    </message>
    <message>
        <source>Set done: {0} repetitions of {1}, {2} with good form</source>
        <translation>Satz beendet: {0} Wiederholungen {1}, {2} sauber ausgeführt</translation>
    </message>
    <message>
        <source>This set · {0}</source>
        <translation>Dieser Satz · {0}</translation>
    </message>
    <message>
        <source>{0} counted, {1} with good form</source>
        <translation>{0} gezählt, {1} sauber ausgeführt</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Something went wrong inside FIAS</source>
        <translation>In FIAS ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>You can go on, but a part of the program may have stopped; starting FIAS again helps. If it happens again, please send the details to the developers.</source>
        <translation>Du kannst weitermachen, aber ein Teil des Programms steht vielleicht still; ein Neustart von FIAS hilft. Passiert es wieder, schicke die Einzelheiten bitte an die Entwickler.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>Einzelheiten zeigen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Einzelheiten ausblenden</translation>
    </message>
</context>
<context>
    <name>DelayMenu</name>
    <message>
        <source>Delay of the picture in seconds</source>
        <translation>Verzögerung des Bildes in Sekunden</translation>
    </message>
    <message>
        <source>Delayed view</source>
        <translation>Verzögertes Bild</translation>
    </message>
    <message>
        <source>See yourself a few seconds later, after the movement.</source>
        <translation>Sieh dich einige Sekunden später, nach der Bewegung.</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>Off: live</source>
        <translation>Aus: live</translation>
    </message>
</context>
<context>
    <name>EvidenceRow</name>
    <message>
        <source>Show this moment</source>
        <translation>Diesen Augenblick zeigen</translation>
    </message>
</context>
<context>
    <name>HeatLegend</name>
    <message>
        <source>low</source>
        <translation>gering</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>Why: heat on the joints</source>
        <translation>Warum: Wärme der Gelenke</translation>
    </message>
    <message>
        <source>The warmer a joint, the more it mattered for what the network named.</source>
        <translation>Je wärmer ein Gelenk, desto wichtiger war es für das Ergebnis des Netzes.</translation>
    </message>
    <message>
        <source>Trust: {0} points</source>
        <translation>Vertrauen: {0} Punkte</translation>
    </message>
    <message>
        <source>Trust: unstable</source>
        <translation>Vertrauen: unsicher</translation>
    </message>
    <message>
        <source>Hiding the hottest joints lowers the certainty of “{0}” by {1} points (random joints: {2}). Unstable means: not clearly more than random joints.</source>
        <translation>Werden die wärmsten Gelenke verdeckt, sinkt die Gewissheit für „{0}“ um {1} Punkte (zufällige Gelenke: {2}). Unsicher heißt: nicht deutlich mehr als zufällige Gelenke.</translation>
    </message>
    <message>
        <source>Ghost: unsure, hidden</source>
        <translation>Geist: unsicher, ausgeblendet</translation>
    </message>
    <message>
        <source>Ghost: {0} s ahead</source>
        <translation>Geist: {0} s voraus</translation>
    </message>
    <message>
        <source>Dashed: where you are expected to be. It is hidden while it has been wrong in the last second.</source>
        <translation>Gestrichelt: wo du erwartet wirst. Er ist ausgeblendet, solange er in der letzten Sekunde falsch lag.</translation>
    </message>
</context>
<context>
    <name>LivePage</name>
    <message>
        <source>Choose a source</source>
        <translation>Quelle wählen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Opening {0} …</source>
        <translation>{0} wird geöffnet …</translation>
    </message>
    <message>
        <source>Repetition {0} · {1}</source>
        <translation>Wiederholung {0} · {1}</translation>
    </message>
    <message>
        <source>Waiting for the next picture …</source>
        <translation>Warte auf das nächste Bild …</translation>
    </message>
    <message>
        <source>The source is lost. Waiting for it to come back …</source>
        <translation>Die Quelle ist verloren. Warte, bis sie wiederkommt …</translation>
    </message>
    <message>
        <source>The video has ended. Press Space to see it again.</source>
        <translation>Das Video ist zu Ende. Leertaste: noch einmal ansehen.</translation>
    </message>
    <message>
        <source>Connect a camera, or choose another source in the upper right corner.</source>
        <translation>Schließe eine Kamera an oder wähle rechts oben eine andere Quelle.</translation>
    </message>
    <message>
        <source>No camera was found: this is the demo.</source>
        <translation>Keine Kamera gefunden: Dies ist die Vorführung.</translation>
    </message>
    <message>
        <source>No picture yet. Waiting for the source …</source>
        <translation>Noch kein Bild. Warte auf die Quelle …</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>This source cannot go on. Press Space to open it again.</source>
        <translation>Diese Quelle kann nicht weiterlaufen. Leertaste: erneut öffnen.</translation>
    </message>
</context>
<context>
    <name>ModelOptions</name>
    <message>
        <source>Device for the language model</source>
        <translation>Gerät für das Sprachmodell</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Layers on the graphics card</source>
        <translation>Schichten auf der Grafikkarte</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Unload when idle</source>
        <translation>Entladen, wenn unbenutzt</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card where there is one.</source>
        <translation>Automatisch nimmt die Grafikkarte, wo es eine gibt.</translation>
    </message>
    <message>
        <source>Fewer when the memory of the graphics card is too small.</source>
        <translation>Weniger, wenn der Speicher der Grafikkarte zu klein ist.</translation>
    </message>
    <message>
        <source>Tokens that the model can see at once. More needs more memory.</source>
        <translation>Tokens, die das Modell auf einmal sieht. Mehr braucht mehr Speicher.</translation>
    </message>
    <message>
        <source>0 is always the same answer; higher varies more.</source>
        <translation>0 gibt immer dieselbe Antwort; höher heißt abwechslungsreicher.</translation>
    </message>
    <message>
        <source>Lower keeps to the likeliest words.</source>
        <translation>Niedriger bleibt bei den wahrscheinlichsten Wörtern.</translation>
    </message>
    <message>
        <source>Gives its memory back after a while without advice.</source>
        <translation>Gibt den Speicher nach einer Weile ohne Rat zurück.</translation>
    </message>
</context>
<context>
    <name>ModelTrial</name>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Test the chosen model</source>
        <translation>Das gewählte Modell testen</translation>
    </message>
    <message>
        <source>Gives a short task to the chosen model and shows its words.</source>
        <translation>Gibt dem gewählten Modell eine kurze Aufgabe und zeigt seine Worte.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Loading {0} …</source>
        <translation>{0} wird geladen …</translation>
    </message>
    <message>
        <source>First words after {0} s</source>
        <translation>Erste Worte nach {0} s</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>The test failed.</source>
        <translation>Der Test ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>The model said nothing.</source>
        <translation>Das Modell hat nichts gesagt.</translation>
    </message>
    <message>
        <source>First words after {0} s, all of it after {1} s</source>
        <translation>Erste Worte nach {0} s, alles nach {1} s</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Language models</source>
        <translation>Sprachmodelle</translation>
    </message>
    <message>
        <source>Import a language model</source>
        <translation>Sprachmodell importieren</translation>
    </message>
    <message>
        <source>Import file …</source>
        <translation>Datei importieren …</translation>
    </message>
    <message>
        <source>A model in the GGUF format is copied here. Only use files you trust.</source>
        <translation>Ein Modell im GGUF-Format wird hierher kopiert. Nimm nur Dateien, denen du vertraust.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Rechner</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>Zum Herunterladen</translation>
    </message>
    <message>
        <source>Nothing is fetched before you press “Download”. What arrives is used only when its size and SHA-256 are those listed here. A file named {0} in the folder of your models adds entries of your own; for any other model, fetch it with a browser and import it.</source>
        <translation>Nichts wird geholt, bevor du „Herunterladen“ drückst. Was ankommt, wird nur benutzt, wenn Größe und SHA-256 die hier genannten sind. Eine Datei namens {0} im Ordner deiner Modelle fügt eigene Einträge hinzu; jedes andere Modell holst du mit einem Browser und importierst es.</translation>
    </message>
    <message>
        <source>How it runs</source>
        <translation>Wie es läuft</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Importing {0} …</source>
        <translation>{0} wird importiert …</translation>
    </message>
    <message>
        <source>Cancel import</source>
        <translation>Import abbrechen</translation>
    </message>
    <message>
        <source>{0} is on this machine now. Press “Use” to choose it.</source>
        <translation>{0} ist jetzt auf diesem Rechner. Drücke „Benutzen“, um es zu wählen.</translation>
    </message>
    <message>
        <source>The import was cancelled.</source>
        <translation>Der Import wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>MomentCard</name>
    <message>
        <source>Back to the live picture (Esc)</source>
        <translation>Zurück zum laufenden Bild (Esc)</translation>
    </message>
    <message>
        <source>Back to the live picture</source>
        <translation>Zurück zum laufenden Bild</translation>
    </message>
    <message>
        <source>The picture of this moment is no longer kept.</source>
        <translation>Das Bild dieses Augenblicks ist nicht mehr vorhanden.</translation>
    </message>
</context>
<context>
    <name>MuteButton</name>
    <message>
        <source>Mute the coach&apos;s voice</source>
        <translation>Coach stummschalten</translation>
    </message>
    <message>
        <source>Let the coach speak ({0})</source>
        <translation>Coach sprechen lassen ({0})</translation>
    </message>
    <message>
        <source>Mute the coach&apos;s voice ({0})</source>
        <translation>Coach stummschalten ({0})</translation>
    </message>
</context>
<context>
    <name>OfferTile</name>
    <message>
        <source>Your entry</source>
        <translation>Dein Eintrag</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>von {0}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Checking the file: {0}</source>
        <translation>Datei wird geprüft: {0}</translation>
    </message>
    <message>
        <source>{0} · the connection broke, trying again</source>
        <translation>{0} · Verbindung abgebrochen, neuer Versuch</translation>
    </message>
    <message>
        <source>{0} · paused</source>
        <translation>{0} · angehalten</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>noch {0} s</translation>
    </message>
    <message>
        <source>{0} min left</source>
        <translation>noch {0} min</translation>
    </message>
</context>
<context>
    <name>PoseFile</name>
    <message>
        <source>Use the bundled pose model</source>
        <translation>Mitgeliefertes Posenmodell verwenden</translation>
    </message>
    <message>
        <source>Pose model</source>
        <translation>Posenmodell</translation>
    </message>
    <message>
        <source>Pose models of MediaPipe</source>
        <translation>Posenmodelle von MediaPipe</translation>
    </message>
    <message>
        <source>Choose a pose model</source>
        <translation>Posenmodell wählen</translation>
    </message>
    <message>
        <source>Bundled</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>Choose a pose model (now: {0})</source>
        <translation>Posenmodell wählen (jetzt: {0})</translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message>
        <source>What was the model told?</source>
        <translation>Was wurde dem Modell gesagt?</translation>
    </message>
    <message>
        <source>This text, and nothing else, was given to the language model on this machine.</source>
        <translation>Dieser Text, und sonst nichts, ging an das Sprachmodell auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>QtSpeaker</name>
    <message>
        <source>Looking for a voice …</source>
        <translation>Suche eine Stimme …</translation>
    </message>
    <message>
        <source>This machine has no speech engine. Everything the coach says is on the screen.</source>
        <translation>Dieser Rechner hat keine Sprachausgabe. Alles, was der Coach sagt, steht auf dem Bildschirm.</translation>
    </message>
    <message>
        <source>To hear it: sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng</source>
        <translation>Zum Hören: sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng</translation>
    </message>
    <message>
        <source>The speech engine does not answer ({0}). Everything is on the screen.</source>
        <translation>Die Sprachausgabe antwortet nicht ({0}). Alles steht auf dem Bildschirm.</translation>
    </message>
    <message>
        <source>There is no voice for this language ({0}). Install one in the system&apos;s settings.</source>
        <translation>Für diese Sprache ({0}) gibt es keine Stimme. Installiere eine in den Einstellungen des Systems.</translation>
    </message>
</context>
<context>
    <name>QuestionBox</name>
    <message>
        <source>Ask about this workout …</source>
        <translation>Frag zu diesem Training …</translation>
    </message>
    <message>
        <source>Question to the coach</source>
        <translation>Frage an den Coach</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Ask the coach</source>
        <translation>Den Coach fragen</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>What should I change first?</source>
        <translation>Was soll ich zuerst ändern?</translation>
    </message>
    <message>
        <source>What went well?</source>
        <translation>Was war gut?</translation>
    </message>
    <message>
        <source>Is it better than the last set?</source>
        <translation>Ist es besser als der letzte Satz?</translation>
    </message>
    <message>
        <source>How many did I do?</source>
        <translation>Wie viele habe ich geschafft?</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Choose a source</source>
        <translation>Quelle wählen</translation>
    </message>
    <message>
        <source>Start or pause (Space, or raise both arms for a second)</source>
        <translation>Start oder Pause (Leertaste, oder eine Sekunde beide Arme heben)</translation>
    </message>
    <message>
        <source>Mirror the picture (M)</source>
        <translation>Bild spiegeln (M)</translation>
    </message>
    <message>
        <source>Show why: heat on the joints (H)</source>
        <translation>Warum zeigen: Wärme der Gelenke (H)</translation>
    </message>
    <message>
        <source>Delayed view</source>
        <translation>Verzögertes Bild</translation>
    </message>
    <message>
        <source>Show or hide the coach&apos;s panel (P)</source>
        <translation>Coach-Leiste zeigen oder verbergen (P)</translation>
    </message>
    <message>
        <source>Full screen (F11)</source>
        <translation>Vollbild (F11)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Device for the network</source>
        <translation>Gerät für das Netz</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>{0} s ahead</source>
        <translation>{0} s voraus</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Ghost</source>
        <translation>Geist</translation>
    </message>
    <message>
        <source>Calm</source>
        <translation>Ruhig</translation>
    </message>
    <message>
        <source>Energetic</source>
        <translation>Schwungvoll</translation>
    </message>
    <message>
        <source>Brief</source>
        <translation>Knapp</translation>
    </message>
    <message>
        <source>How the coach speaks</source>
        <translation>Wie der Coach spricht</translation>
    </message>
    <message>
        <source>Threads for the language model</source>
        <translation>Threads für das Sprachmodell</translation>
    </message>
    <message>
        <source>Models …</source>
        <translation>Modelle …</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Pose on the graphics card</source>
        <translation>Pose auf der Grafikkarte</translation>
    </message>
    <message>
        <source>Coach speaks after a set</source>
        <translation>Coach spricht nach einem Satz</translation>
    </message>
    <message>
        <source>Mirror the picture</source>
        <translation>Bild spiegeln</translation>
    </message>
    <message>
        <source>Heat on the joints</source>
        <translation>Wärme der Gelenke</translation>
    </message>
    <message>
        <source>Face joints</source>
        <translation>Gesichtspunkte</translation>
    </message>
    <message>
        <source>“Stand here” outline</source>
        <translation>Umriss „Hier stehen“</translation>
    </message>
    <message>
        <source>Raise both arms to start or pause</source>
        <translation>Beide Arme heben: Start oder Pause</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Like a looking-glass. Left and right stay right in the data.</source>
        <translation>Wie ein Spiegel. In den Daten bleiben links und rechts richtig.</translation>
    </message>
    <message>
        <source>Shows which joints mattered for what the network named.</source>
        <translation>Zeigt, welche Gelenke für das Ergebnis des Netzes wichtig waren.</translation>
    </message>
    <message>
        <source>A dashed second skeleton: where you are expected to be a moment later.</source>
        <translation>Ein gestricheltes zweites Skelett: wo du einen Moment später erwartet wirst.</translation>
    </message>
    <message>
        <source>Draws eyes, ears and nose as well.</source>
        <translation>Zeichnet auch Augen, Ohren und Nase.</translation>
    </message>
    <message>
        <source>Before the first set: where to stand, and whether the whole body is seen.</source>
        <translation>Vor dem ersten Satz: wo du stehst und ob der ganze Körper zu sehen ist.</translation>
    </message>
    <message>
        <source>Hold both arms up for a second.</source>
        <translation>Beide Arme eine Sekunde lang hochhalten.</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>The network that names exercise and form.</source>
        <translation>Das Netz, das Übung und Ausführung benennt.</translation>
    </message>
    <message>
        <source>Automatic takes the graphics card where there is one.</source>
        <translation>Automatisch nimmt die Grafikkarte, wo es eine gibt.</translation>
    </message>
    <message>
        <source>Falls back to the processor where that does not work, and says so.</source>
        <translation>Weicht auf den Prozessor aus, wo das nicht geht, und sagt es.</translation>
    </message>
    <message>
        <source>Finds the joints. A lite or heavy one of MediaPipe can be chosen (.task file).</source>
        <translation>Findet die Gelenke. Wählbar ist ein leichtes oder schweres von MediaPipe (.task-Datei).</translation>
    </message>
    <message>
        <source>Coach</source>
        <translation>Coach</translation>
    </message>
    <message>
        <source>A language model on this machine. Off: fixed phrases and cues only.</source>
        <translation>Ein Sprachmodell auf diesem Rechner. Aus: nur feste Sätze und Hinweise.</translation>
    </message>
    <message>
        <source>The words of advice and answers.</source>
        <translation>Die Worte von Rat und Antworten.</translation>
    </message>
    <message>
        <source>Which model speaks, and how it runs.</source>
        <translation>Welches Modell spricht und wie es läuft.</translation>
    </message>
    <message>
        <source>Of the window and the coach, who speaks English or Chinese.</source>
        <translation>Des Fensters und des Coachs, der Englisch oder Chinesisch spricht.</translation>
    </message>
    <message>
        <source>One is best beside the camera.</source>
        <translation>Neben der Kamera ist einer am besten.</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>Farben des Fensters.</translation>
    </message>
    <message>
        <source>{0} (missing)</source>
        <translation>{0} (fehlt)</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ShelfTile</name>
    <message>
        <source>Bundled</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>Another folder</source>
        <translation>Anderer Ordner</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>Lizenz nicht genannt</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Benutzen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete {0}</source>
        <translation>{0} löschen</translation>
    </message>
    <message>
        <source>Really delete?</source>
        <translation>Wirklich löschen?</translation>
    </message>
    <message>
        <source>Press again to delete {0}</source>
        <translation>Noch einmal drücken, um {0} zu löschen</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Benutzung</translation>
    </message>
    <message>
        <source>Use another model first, and save.</source>
        <translation>Benutze zuerst ein anderes Modell und speichere.</translation>
    </message>
</context>
<context>
    <name>SourceButton</name>
    <message>
        <source>Source: {0}</source>
        <translation>Quelle: {0}</translation>
    </message>
    <message>
        <source>Choose a source (now: {0})</source>
        <translation>Quelle wählen (jetzt: {0})</translation>
    </message>
</context>
<context>
    <name>SourcePicker</name>
    <message>
        <source>Demo</source>
        <translation>Vorführung</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Open a video …</source>
        <translation>Video öffnen …</translation>
    </message>
    <message>
        <source>Open a folder of pictures …</source>
        <translation>Bilderordner öffnen …</translation>
    </message>
    <message>
        <source>Open a stream …</source>
        <translation>Stream öffnen …</translation>
    </message>
    <message>
        <source>Demo: a rendered athlete</source>
        <translation>Vorführung: ein gezeichneter Athlet</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>Videos</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Open a video</source>
        <translation>Video öffnen</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Bilderordner öffnen</translation>
    </message>
    <message>
        <source>Open a stream</source>
        <translation>Stream öffnen</translation>
    </message>
    <message>
        <source>Address of an MJPEG or RTSP stream:</source>
        <translation>Adresse eines MJPEG- oder RTSP-Streams:</translation>
    </message>
</context>
<context>
    <name>SpeechSettings</name>
    <message>
        <source>The coach speaks aloud</source>
        <translation>Der Coach spricht laut</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Stimme</translation>
    </message>
    <message>
        <source>Speed of the voice</source>
        <translation>Tempo der Stimme</translation>
    </message>
    <message>
        <source>Volume of the voice</source>
        <translation>Lautstärke der Stimme</translation>
    </message>
    <message>
        <source>Say something</source>
        <translation>Etwas sagen</translation>
    </message>
    <message>
        <source>Hear the voice</source>
        <translation>Stimme anhören</translation>
    </message>
    <message>
        <source>Short cues while you move, advice after a set.</source>
        <translation>Kurze Hinweise beim Bewegen, Rat nach einem Satz.</translation>
    </message>
    <message>
        <source>Of the coach&apos;s language, from the system.</source>
        <translation>In der Sprache des Coachs, vom System.</translation>
    </message>
    <message>
        <source>In the middle it is the voice&apos;s own.</source>
        <translation>In der Mitte ist es das Tempo der Stimme selbst.</translation>
    </message>
    <message>
        <source>Other sound gives way while the coach speaks.</source>
        <translation>Anderer Ton weicht, während der Coach spricht.</translation>
    </message>
    <message>
        <source>With the voice, speed and volume of this page.</source>
        <translation>Mit Stimme, Tempo und Lautstärke dieser Seite.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>{0} (not here)</source>
        <translation>{0} (nicht hier)</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Everything runs on this machine. Nothing is sent anywhere.</source>
        <translation>Alles läuft auf diesem Rechner. Nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Not a medical device</source>
        <translation>Kein Medizinprodukt</translation>
    </message>
    <message>
        <source>FIAS gives training hints. It does not diagnose and does not replace a doctor.</source>
        <translation>FIAS gibt Trainingshinweise. Es stellt keine Diagnose und ersetzt keinen Arzt.</translation>
    </message>
    <message>
        <source>Source: {0}</source>
        <translation>Quelle: {0}</translation>
    </message>
    <message>
        <source>{0} fps · lag {1} ms</source>
        <translation>{0} Bilder/s · {1} ms Verzug</translation>
    </message>
    <message>
        <source>Shown: {0} fps, source: {1} fps, pose: {2} fps. Heat is {3} ms old.</source>
        <translation>Gezeigt: {0}, Quelle: {1}, Pose: {2} Bilder/s. Die Wärme ist {3} ms alt.</translation>
    </message>
    <message>
        <source>Pose</source>
        <translation>Pose</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Coach</source>
        <translation>Coach</translation>
    </message>
</context>
<context>
    <name>Strips</name>
    <message>
        <source>Class probabilities over 20 seconds</source>
        <translation>Wahrscheinlichkeiten der Klassen über 20 Sekunden</translation>
    </message>
    <message>
        <source>Heat by joint over 20 seconds</source>
        <translation>Wärme je Gelenk über 20 Sekunden</translation>
    </message>
    <message>
        <source>Why: joints that mattered</source>
        <translation>Warum: wichtige Gelenke</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>What the network sees</source>
        <translation>Was das Netz sieht</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>Needs about {0} of memory</source>
        <translation>Braucht etwa {0} Speicher</translation>
    </message>
    <message>
        <source>Needs {0} of memory and some to spare, {1} free.</source>
        <translation>Braucht {0} Speicher und etwas Reserve, {1} sind frei.</translation>
    </message>
</context>
<context>
    <name>VideoCanvas</name>
    <message>
        <source>Live picture</source>
        <translation>Laufendes Bild</translation>
    </message>
    <message>
        <source>{0} s ago</source>
        <translation>vor {0} s</translation>
    </message>
    <message>
        <source>Delay of {0} s is filling up</source>
        <translation>{0} s Verzögerung füllen sich</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>No camera was found.</source>
        <translation>Es wurde keine Kamera gefunden.</translation>
    </message>
    <message>
        <source>Plug a camera in and try again, or open a video file, a stream or the demo.</source>
        <translation>Schließe eine Kamera an und versuche es erneut, oder öffne ein Video, einen Stream oder die Vorführung.</translation>
    </message>
    <message>
        <source>Plug a camera in, or open a video file or the demo.</source>
        <translation>Schließe eine Kamera an, oder öffne ein Video oder die Vorführung.</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>Es gibt keine Kamera namens {0}.</translation>
    </message>
    <message>
        <source>{0} cameras are called {1}.</source>
        <translation>{0} Kameras heißen {1}.</translation>
    </message>
    <message>
        <source>Known cameras: {0}.</source>
        <translation>Bekannte Kameras: {0}.</translation>
    </message>
    <message>
        <source>Choose one by its number.</source>
        <translation>Wähle eine nach ihrer Nummer.</translation>
    </message>
    <message>
        <source>The camera {0} was lost.</source>
        <translation>Die Kamera {0} ist verloren gegangen.</translation>
    </message>
    <message>
        <source>The camera {0} delivers no picture.</source>
        <translation>Die Kamera {0} liefert kein Bild.</translation>
    </message>
    <message>
        <source>Close other programs that use it, open its shutter, or plug it in again.</source>
        <translation>Schließe andere Programme, die sie benutzen, öffne ihre Blende oder stecke sie neu ein.</translation>
    </message>
    <message>
        <source>The camera {0} may not be used by this account.</source>
        <translation>Dieses Konto darf die Kamera {0} nicht benutzen.</translation>
    </message>
    <message>
        <source>Add the account to the group `video` and log in again.</source>
        <translation>Füge das Konto zur Gruppe `video` hinzu und melde dich neu an.</translation>
    </message>
    <message>
        <source>The camera {0} could not be opened.</source>
        <translation>Die Kamera {0} konnte nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>Check that it is plugged in, that no other program uses it and that this program may use cameras; or open a video file or the demo.</source>
        <translation>Prüfe, ob sie angeschlossen ist, ob kein anderes Programm sie benutzt und ob dieses Programm Kameras benutzen darf; oder öffne ein Video oder die Vorführung.</translation>
    </message>
    <message>
        <source>{0} is back.</source>
        <translation>{0} ist wieder da.</translation>
    </message>
    <message>
        <source>The pictures are back.</source>
        <translation>Die Bilder sind wieder da.</translation>
    </message>
    <message>
        <source>{0} stopped sending pictures.</source>
        <translation>{0} sendet keine Bilder mehr.</translation>
    </message>
    <message>
        <source>Check the cable or the address.</source>
        <translation>Prüfe das Kabel oder die Adresse.</translation>
    </message>
    <message>
        <source>It is tried again every {0} seconds.</source>
        <translation>Alle {0} Sekunden wird es erneut versucht.</translation>
    </message>
    <message>
        <source>The stream {0} was lost.</source>
        <translation>Der Stream {0} ist abgerissen.</translation>
    </message>
    <message>
        <source>Check its cable.</source>
        <translation>Prüfe das Kabel.</translation>
    </message>
    <message>
        <source>Check the address, the network and that the camera is switched on.</source>
        <translation>Prüfe die Adresse, das Netzwerk und ob die Kamera eingeschaltet ist.</translation>
    </message>
    <message>
        <source>{0} sends no video.</source>
        <translation>{0} sendet kein Video.</translation>
    </message>
    <message>
        <source>{0} answers, but not with a video.</source>
        <translation>{0} antwortet, aber nicht mit einem Video.</translation>
    </message>
    <message>
        <source>{0} answers, but there is no stream at this path.</source>
        <translation>{0} antwortet, aber unter diesem Pfad gibt es keinen Stream.</translation>
    </message>
    <message>
        <source>{0} did not answer within {1} seconds.</source>
        <translation>{0} hat nicht innerhalb von {1} Sekunden geantwortet.</translation>
    </message>
    <message>
        <source>{0} asks for a user name and a password (http://user:password@...).</source>
        <translation>{0} verlangt Benutzernamen und Passwort (http://user:password@...).</translation>
    </message>
    <message>
        <source>{0} does not answer with a video.</source>
        <translation>{0} antwortet nicht mit einem Video.</translation>
    </message>
    <message>
        <source>{0} does not answer.</source>
        <translation>{0} antwortet nicht.</translation>
    </message>
    <message>
        <source>This is a rendered athlete, not a person.</source>
        <translation>Das ist ein gezeichneter Athlet, kein Mensch.</translation>
    </message>
    <message>
        <source>{0} does not exist.</source>
        <translation>{0} gibt es nicht.</translation>
    </message>
    <message>
        <source>{0} is empty (0 bytes).</source>
        <translation>{0} ist leer (0 Bytes).</translation>
    </message>
    <message>
        <source>{0} is not a video this program can read, or it is cut off.</source>
        <translation>{0} ist kein Video, das dieses Programm lesen kann, oder es ist abgeschnitten.</translation>
    </message>
    <message>
        <source>{0} holds no picture that can be read.</source>
        <translation>{0} enthält kein lesbares Bild.</translation>
    </message>
    <message>
        <source>{0} is so damaged that reading it failed; it was not opened.</source>
        <translation>{0} ist so beschädigt, dass das Lesen fehlschlug; die Datei wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>{0} may not be read.</source>
        <translation>{0} darf nicht gelesen werden.</translation>
    </message>
    <message>
        <source>{0} could not be opened.</source>
        <translation>{0} konnte nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>{0} could not be opened within {1} seconds.</source>
        <translation>{0} konnte nicht innerhalb von {1} Sekunden geöffnet werden.</translation>
    </message>
    <message>
        <source>{0} could not be checked.</source>
        <translation>{0} konnte nicht geprüft werden.</translation>
    </message>
    <message>
        <source>{0} could not be checked: {1}.</source>
        <translation>{0} konnte nicht geprüft werden: {1}.</translation>
    </message>
    <message>
        <source>{0} could not be read: {1}.</source>
        <translation>{0} konnte nicht gelesen werden: {1}.</translation>
    </message>
    <message>
        <source>The folder {0} holds no pictures that can be read.</source>
        <translation>Der Ordner {0} enthält keine lesbaren Bilder.</translation>
    </message>
    <message>
        <source>{0} images could not be read and were left out.</source>
        <translation>{0} Bilder konnten nicht gelesen werden und wurden ausgelassen.</translation>
    </message>
    <message>
        <source>The file is cut off: about {0} of {1} seconds are there.</source>
        <translation>Die Datei ist abgeschnitten: Etwa {0} von {1} Sekunden sind da.</translation>
    </message>
    <message>
        <source>The file is damaged: only {0} of {1} pictures could be read.</source>
        <translation>Die Datei ist beschädigt: Nur {0} von {1} Bildern konnten gelesen werden.</translation>
    </message>
    <message>
        <source>What could be read was shown.</source>
        <translation>Gezeigt wurde, was lesbar war.</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>Wähle eine andere Datei.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Choose a folder with JPEG or PNG files.</source>
        <translation>Wähle einen Ordner mit JPEG- oder PNG-Dateien.</translation>
    </message>
    <message>
        <source>Record or copy it again, or choose another file.</source>
        <translation>Nimm sie neu auf oder kopiere sie erneut, oder wähle eine andere Datei.</translation>
    </message>
    <message>
        <source>Change the file&apos;s permissions or copy it to a folder of yours.</source>
        <translation>Ändere die Rechte der Datei oder kopiere sie in einen deiner Ordner.</translation>
    </message>
    <message>
        <source>Check the path, or choose the file with the file dialog.</source>
        <translation>Prüfe den Pfad, oder wähle die Datei im Dateidialog.</translation>
    </message>
    <message>
        <source>Start the program again; if that does not help, install it again.</source>
        <translation>Starte das Programm neu; hilft das nicht, installiere es neu.</translation>
    </message>
    <message>
        <source>Close other programs.</source>
        <translation>Schließe andere Programme.</translation>
    </message>
    <message>
        <source>{0} could not be written: {1}.</source>
        <translation>{0} konnte nicht geschrieben werden: {1}.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be made: {1}.</source>
        <translation>Der Ordner {0} kann nicht angelegt werden: {1}.</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>Schaffe etwas Platz und versuche es erneut.</translation>
    </message>
    <message>
        <source>Free some space or choose another folder.</source>
        <translation>Schaffe etwas Platz oder wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Free some space or set FIAS_HOME.</source>
        <translation>Schaffe etwas Platz oder setze FIAS_HOME.</translation>
    </message>
    <message>
        <source>Free some space or set FIAS_HOME to another folder.</source>
        <translation>Schaffe etwas Platz oder setze FIAS_HOME auf einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Check the disk and try again.</source>
        <translation>Prüfe das Laufwerk und versuche es erneut.</translation>
    </message>
    <message>
        <source>{0} is no name for captions.</source>
        <translation>{0} ist kein Name für Untertitel.</translation>
    </message>
    <message>
        <source>Choose a name that ends with .srt or .vtt.</source>
        <translation>Wähle einen Namen, der mit .srt oder .vtt endet.</translation>
    </message>
    <message>
        <source>There is no set to speak about yet.</source>
        <translation>Es gibt noch keinen Satz, über den zu sprechen wäre.</translation>
    </message>
    <message>
        <source>Do a few repetitions first.</source>
        <translation>Mach zuerst ein paar Wiederholungen.</translation>
    </message>
    <message>
        <source>The engine could not be started.</source>
        <translation>Die Auswertung konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Look at the first message, then start FIAS again.</source>
        <translation>Sieh dir die erste Meldung an und starte FIAS dann neu.</translation>
    </message>
    <message>
        <source>The program&apos;s own files are missing.</source>
        <translation>Dateien des Programms fehlen.</translation>
    </message>
    <message>
        <source>Install FIAS Desktop again.</source>
        <translation>Installiere FIAS Desktop neu.</translation>
    </message>
    <message>
        <source>{0} is missing in {1}.</source>
        <translation>{0} fehlt in {1}.</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} ist beschädigt: {1}.</translation>
    </message>
    <message>
        <source>The recogniser ran out of memory.</source>
        <translation>Der Erkennung ging der Speicher aus.</translation>
    </message>
    <message>
        <source>Close other programs and start again.</source>
        <translation>Schließe andere Programme und starte neu.</translation>
    </message>
    <message>
        <source>The model {0} is not there.</source>
        <translation>Das Modell {0} ist nicht da.</translation>
    </message>
    <message>
        <source>Known models: {0}.</source>
        <translation>Bekannte Modelle: {0}.</translation>
    </message>
    <message>
        <source>Choose one in the settings.</source>
        <translation>Wähle eines in den Einstellungen.</translation>
    </message>
    <message>
        <source>The model card in {0} is not complete: {1}.</source>
        <translation>Die Modellkarte in {0} ist nicht vollständig: {1}.</translation>
    </message>
    <message>
        <source>The card of the model {0} does not fit: {1}.</source>
        <translation>Die Karte des Modells {0} passt nicht: {1}.</translation>
    </message>
    <message>
        <source>{0} of the model {1} cannot be read: {2}.</source>
        <translation>{0} des Modells {1} kann nicht gelesen werden: {2}.</translation>
    </message>
    <message>
        <source>{0} of the model {1} is empty.</source>
        <translation>{0} des Modells {1} ist leer.</translation>
    </message>
    <message>
        <source>{0} of the model {1} is damaged or not the file its card names.</source>
        <translation>{0} des Modells {1} ist beschädigt oder nicht die Datei, die seine Karte nennt.</translation>
    </message>
    <message>
        <source>{0} of the model {1} holds values that are not numbers.</source>
        <translation>{0} des Modells {1} enthält Werte, die keine Zahlen sind.</translation>
    </message>
    <message>
        <source>The weights of the model {0} do not fit its card: {1}.</source>
        <translation>Die Gewichte des Modells {0} passen nicht zu seiner Karte: {1}.</translation>
    </message>
    <message>
        <source>Import the model again.</source>
        <translation>Importiere das Modell neu.</translation>
    </message>
    <message>
        <source>Import the model again, or install FIAS Desktop again if it came with the program.</source>
        <translation>Importiere das Modell neu, oder installiere FIAS Desktop neu, wenn es mit dem Programm kam.</translation>
    </message>
    <message>
        <source>This model needs the picture of the person as well as the joints.</source>
        <translation>Dieses Modell braucht außer den Gelenken auch das Bild der Person.</translation>
    </message>
    <message>
        <source>Use it with a camera or a video, or choose a model that needs joints only.</source>
        <translation>Benutze es mit einer Kamera oder einem Video, oder wähle ein Modell, das nur Gelenke braucht.</translation>
    </message>
    <message>
        <source>The pose estimator (mediapipe) is not installed.</source>
        <translation>Die Posenschätzung (mediapipe) ist nicht installiert.</translation>
    </message>
    <message>
        <source>The pose estimator cannot start: {0}.</source>
        <translation>Die Posenschätzung kann nicht starten: {0}.</translation>
    </message>
    <message>
        <source>The pose estimator failed: {0}.</source>
        <translation>Die Posenschätzung ist fehlgeschlagen: {0}.</translation>
    </message>
    <message>
        <source>The pose model {0} cannot be read: {1}.</source>
        <translation>Das Posenmodell {0} kann nicht gelesen werden: {1}.</translation>
    </message>
    <message>
        <source>{0} is not a pose model, or it is damaged.</source>
        <translation>{0} ist kein Posenmodell oder beschädigt.</translation>
    </message>
    <message>
        <source>Until then the bundled pose model is used.</source>
        <translation>Bis dahin wird das mitgelieferte Posenmodell verwendet.</translation>
    </message>
    <message>
        <source>Start the source again; if it goes on, install the program again.</source>
        <translation>Starte die Quelle neu; hält es an, installiere das Programm neu.</translation>
    </message>
    <message>
        <source>Choose another pose model, or install FIAS Desktop again.</source>
        <translation>Wähle ein anderes Posenmodell, oder installiere FIAS Desktop neu.</translation>
    </message>
    <message>
        <source>Choose another .task file, or none to use the one that comes with the program.</source>
        <translation>Wähle eine andere .task-Datei, oder keine, um die mitgelieferte zu benutzen.</translation>
    </message>
    <message>
        <source>Squats, lunges and push-ups of one adult, whole body in the picture. Trained on simulated movement and a little motion capture, not on real video: form errors are hints. Not a medical device.</source>
        <translation>Kniebeugen, Ausfallschritte und Liegestütze eines Erwachsenen, der ganze Körper im Bild. Trainiert an simulierter Bewegung und etwas Bewegungserfassung, nicht an echten Videos: Formfehler sind Hinweise. Kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>Until then the phrasebook speaks.</source>
        <translation>Bis dahin sprechen die festen Sätze.</translation>
    </message>
    <message>
        <source>It starts again by itself.</source>
        <translation>Es startet von selbst neu.</translation>
    </message>
    <message>
        <source>Start again.</source>
        <translation>Starte neu.</translation>
    </message>
    <message>
        <source>Choose another GGUF file in the settings, or leave the field empty for the bundled model.</source>
        <translation>Wähle in den Einstellungen eine andere GGUF-Datei, oder lass das Feld für das mitgelieferte Modell leer.</translation>
    </message>
    <message>
        <source>The language model {0} is empty (0 bytes).</source>
        <translation>Das Sprachmodell {0} ist leer (0 Bytes).</translation>
    </message>
    <message>
        <source>The language model {0} cannot be read: {1}.</source>
        <translation>Das Sprachmodell {0} kann nicht gelesen werden: {1}.</translation>
    </message>
    <message>
        <source>The language model {0} is damaged: {1}.</source>
        <translation>Das Sprachmodell {0} ist beschädigt: {1}.</translation>
    </message>
    <message>
        <source>{0} is not a GGUF file.</source>
        <translation>{0} ist keine GGUF-Datei.</translation>
    </message>
    <message>
        <source>{0} has GGUF version {1}, which is not supported.</source>
        <translation>{0} hat die GGUF-Version {1}, die nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>The language model {0} needs about {1} GB of memory, but only {2} GB are free.</source>
        <translation>Das Sprachmodell {0} braucht etwa {1} GB Speicher, aber nur {2} GB sind frei.</translation>
    </message>
    <message>
        <source>Close other programs or choose a smaller model in the settings.</source>
        <translation>Schließe andere Programme oder wähle in den Einstellungen ein kleineres Modell.</translation>
    </message>
    <message>
        <source>The language model {0} could not be loaded: {1}.</source>
        <translation>Das Sprachmodell {0} konnte nicht geladen werden: {1}.</translation>
    </message>
    <message>
        <source>The language model {0} was not loaded within {1} s.</source>
        <translation>Das Sprachmodell {0} wurde nicht innerhalb von {1} s geladen.</translation>
    </message>
    <message>
        <source>The language model {0} could not answer: {1}.</source>
        <translation>Das Sprachmodell {0} konnte nicht antworten: {1}.</translation>
    </message>
    <message>
        <source>The language model {0} took longer than {1} s to answer.</source>
        <translation>Das Sprachmodell {0} brauchte länger als {1} s für die Antwort.</translation>
    </message>
    <message>
        <source>The language model {0} took more than the {1} of memory it may take.</source>
        <translation>Das Sprachmodell {0} nahm mehr als die erlaubten {1} Speicher.</translation>
    </message>
    <message>
        <source>The language model {0} stopped unexpectedly.</source>
        <translation>Das Sprachmodell {0} hat unerwartet aufgehört.</translation>
    </message>
    <message>
        <source>The language model {0} stopped {1} times in a row.</source>
        <translation>Das Sprachmodell {0} hat {1}-mal hintereinander aufgehört.</translation>
    </message>
    <message>
        <source>The language model&apos;s process cannot start: {0}.</source>
        <translation>Der Prozess des Sprachmodells kann nicht starten: {0}.</translation>
    </message>
    <message>
        <source>The language model was closed.</source>
        <translation>Das Sprachmodell wurde geschlossen.</translation>
    </message>
    <message>
        <source>Another model with the name {0} is there already.</source>
        <translation>Ein anderes Modell namens {0} ist schon da.</translation>
    </message>
    <message>
        <source>Rename the file that you want to import, or delete the other model first.</source>
        <translation>Benenne die Datei um, die du importieren willst, oder lösche zuerst das andere Modell.</translation>
    </message>
    <message>
        <source>{0} is not one of your models, so it is not deleted.</source>
        <translation>{0} ist keines deiner Modelle und wird nicht gelöscht.</translation>
    </message>
    <message>
        <source>Delete it by hand.</source>
        <translation>Lösche es von Hand.</translation>
    </message>
    <message>
        <source>{0} cannot be deleted: {1}.</source>
        <translation>{0} kann nicht gelöscht werden: {1}.</translation>
    </message>
    <message>
        <source>Close what uses it and try again.</source>
        <translation>Schließe, was es benutzt, und versuche es erneut.</translation>
    </message>
    <message>
        <source>This model is there already: {0} ({1}).</source>
        <translation>Dieses Modell ist schon da: {0} ({1}).</translation>
    </message>
    <message>
        <source>Choose “Use” there.</source>
        <translation>Wähle dort „Benutzen“.</translation>
    </message>
    <message>
        <source>{0} is only one of {1} parts of a model.</source>
        <translation>{0} ist nur einer von {1} Teilen eines Modells.</translation>
    </message>
    <message>
        <source>Use a model that is a single file.</source>
        <translation>Benutze ein Modell aus einer einzigen Datei.</translation>
    </message>
    <message>
        <source>{0} is no language model (its architecture is {1}).</source>
        <translation>{0} ist kein Sprachmodell (seine Architektur ist {1}).</translation>
    </message>
    <message>
        <source>Choose a chat model.</source>
        <translation>Wähle ein Chat-Modell.</translation>
    </message>
    <message>
        <source>The disk has {0} GB free, but {1} GB are needed.</source>
        <translation>Auf dem Laufwerk sind {0} GB frei, aber {1} GB werden gebraucht.</translation>
    </message>
    <message>
        <source>The disk is full: {0} could not be written.</source>
        <translation>Das Laufwerk ist voll: {0} konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Another download is under way.</source>
        <translation>Es läuft schon ein anderer Download.</translation>
    </message>
    <message>
        <source>Wait for it, or pause it first.</source>
        <translation>Warte darauf, oder halte ihn zuerst an.</translation>
    </message>
    <message>
        <source>{0} is there already.</source>
        <translation>{0} ist schon da.</translation>
    </message>
    <message>
        <source>Delete it first to download it again.</source>
        <translation>Lösche sie zuerst, um sie neu herunterzuladen.</translation>
    </message>
    <message>
        <source>The download from {0} stopped: {1}.</source>
        <translation>Der Download von {0} hielt an: {1}.</translation>
    </message>
    <message>
        <source>Press “Continue” to try again; what has arrived is kept.</source>
        <translation>Drücke „Fortsetzen“, um es erneut zu versuchen; was da ist, bleibt.</translation>
    </message>
    <message>
        <source>What arrived from {0} is not the promised file: {1}.</source>
        <translation>Was von {0} kam, ist nicht die versprochene Datei: {1}.</translation>
    </message>
    <message>
        <source>It was thrown away.</source>
        <translation>Es wurde verworfen.</translation>
    </message>
    <message>
        <source>Try again later, or look for a newer catalogue.</source>
        <translation>Versuche es später, oder such einen neueren Katalog.</translation>
    </message>
    <message>
        <source>The file on {0} has another size than the catalogue says ({1} bytes instead of {2}).</source>
        <translation>Die Datei auf {0} hat eine andere Größe, als der Katalog sagt ({1} statt {2} Bytes).</translation>
    </message>
    <message>
        <source>It was probably changed since; look for a newer catalogue.</source>
        <translation>Sie wurde wohl inzwischen geändert; such einen neueren Katalog.</translation>
    </message>
    <message>
        <source>{0} wants a password ({1}).</source>
        <translation>{0} verlangt ein Passwort ({1}).</translation>
    </message>
    <message>
        <source>{0} refuses it ({1}).</source>
        <translation>{0} verweigert sie ({1}).</translation>
    </message>
    <message>
        <source>{0} does not have it ({1}).</source>
        <translation>{0} hat sie nicht ({1}).</translation>
    </message>
    <message>
        <source>{0} does not have it any more ({1}).</source>
        <translation>{0} hat sie nicht mehr ({1}).</translation>
    </message>
    <message>
        <source>{0} answered with an error ({1}).</source>
        <translation>{0} antwortete mit einem Fehler ({1}).</translation>
    </message>
    <message>
        <source>{0} sends us on to an unsafe address ({1}).</source>
        <translation>{0} leitet an eine unsichere Adresse weiter ({1}).</translation>
    </message>
    <message>
        <source>Look for a newer catalogue, or fetch the file with a browser and import it.</source>
        <translation>Such einen neueren Katalog, oder hol die Datei mit einem Browser und importiere sie.</translation>
    </message>
    <message>
        <source>{0} cannot prove who it is ({1}).</source>
        <translation>{0} kann sich nicht ausweisen ({1}).</translation>
    </message>
    <message>
        <source>Check the clock of this machine and its network.</source>
        <translation>Prüfe Uhr und Netzwerk dieses Rechners.</translation>
    </message>
    <message>
        <source>The server does not go on where the download stopped.</source>
        <translation>Der Server macht nicht weiter, wo der Download anhielt.</translation>
    </message>
    <message>
        <source>Cancel it and start again.</source>
        <translation>Brich ihn ab und beginne neu.</translation>
    </message>
    <message>
        <source>The smallest one; quick on any machine, simple in its words.</source>
        <translation>Das kleinste; schnell auf jedem Rechner, schlicht in seinen Worten.</translation>
    </message>
    <message>
        <source>A good balance of wording and speed.</source>
        <translation>Ein guter Mittelweg zwischen Ausdruck und Tempo.</translation>
    </message>
    <message>
        <source>English only.</source>
        <translation>Nur Englisch.</translation>
    </message>
    <message>
        <source>3.8 billion parameters; wants a graphics card or patience.</source>
        <translation>3,8 Milliarden Parameter; braucht eine Grafikkarte oder Geduld.</translation>
    </message>
    <message>
        <source>Strong for its size; wants a graphics card or patience.</source>
        <translation>Stark für seine Größe; braucht eine Grafikkarte oder Geduld.</translation>
    </message>
    <message>
        <source>The largest here; for a graphics card with 6 GB or more.</source>
        <translation>Das größte hier; für eine Grafikkarte mit 6 GB oder mehr.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinesisch</translation>
    </message>
    <message>
        <source>and more</source>
        <translation>und mehr</translation>
    </message>
    <message>
        <source>Not counted: {0}.</source>
        <translation>Nicht gezählt: {0}.</translation>
    </message>
    <message>
        <source>Not counted: the recogniser takes it for {0} ({1}).</source>
        <translation>Nicht gezählt: Die Erkennung hält es für {0} ({1}).</translation>
    </message>
    <message>
        <source>It is still under way.</source>
        <translation>Es läuft noch.</translation>
    </message>
    <message>
        <source>squat</source>
        <translation>Kniebeuge</translation>
    </message>
    <message>
        <source>lunge</source>
        <translation>Ausfallschritt</translation>
    </message>
    <message>
        <source>push-up</source>
        <translation>Liegestütz</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>Ruhe</translation>
    </message>
    <message>
        <source>it did not go down far enough</source>
        <translation>Es ging nicht tief genug hinunter</translation>
    </message>
    <message>
        <source>it took only {0} s</source>
        <translation>Es dauerte nur {0} s</translation>
    </message>
    <message>
        <source>it took {0} s</source>
        <translation>Es dauerte {0} s</translation>
    </message>
    <message>
        <source>the bottom was held for {0} s</source>
        <translation>Die tiefste Stelle wurde {0} s gehalten</translation>
    </message>
    <message>
        <source>the recording ended before the top was reached again</source>
        <translation>Die Aufnahme endete, bevor es wieder oben war</translation>
    </message>
    <message>
        <source>the posture changed in the middle</source>
        <translation>Die Haltung änderte sich mittendrin</translation>
    </message>
    <message>
        <source>the top was not reached again</source>
        <translation>Es kam nicht wieder oben an</translation>
    </message>
    <message>
        <source>one foot was far ahead of the other</source>
        <translation>Ein Fuß stand weit vor dem anderen</translation>
    </message>
    <message>
        <source>only one knee was bent</source>
        <translation>Nur ein Knie war gebeugt</translation>
    </message>
    <message>
        <source>the knees were hardly bent</source>
        <translation>Die Knie waren kaum gebeugt</translation>
    </message>
    <message>
        <source>knees and hips did not bend together</source>
        <translation>Knie und Hüfte beugten sich nicht gemeinsam</translation>
    </message>
    <message>
        <source>the hips were hardly bent</source>
        <translation>Die Hüfte war kaum gebeugt</translation>
    </message>
    <message>
        <source>the feet moved apart or together</source>
        <translation>Die Füße gingen auseinander oder zusammen</translation>
    </message>
    <message>
        <source>the hands went to the floor</source>
        <translation>Die Hände gingen zum Boden</translation>
    </message>
    <message>
        <source>the trunk was bent over or leaned back</source>
        <translation>Der Rumpf war vorgebeugt oder zurückgelehnt</translation>
    </message>
    <message>
        <source>the weight went behind the feet, as when sitting down</source>
        <translation>Das Gewicht ging hinter die Füße, wie beim Hinsetzen</translation>
    </message>
    <message>
        <source>the weight was behind the feet, as when sitting</source>
        <translation>Das Gewicht war hinter den Füßen, wie beim Sitzen</translation>
    </message>
    <message>
        <source>the feet were level</source>
        <translation>Die Füße standen nebeneinander</translation>
    </message>
    <message>
        <source>the front knee was hardly bent</source>
        <translation>Das vordere Knie war kaum gebeugt</translation>
    </message>
    <message>
        <source>the chest did not face the floor</source>
        <translation>Die Brust zeigte nicht zum Boden</translation>
    </message>
    <message>
        <source>one hand left the floor</source>
        <translation>Eine Hand löste sich vom Boden</translation>
    </message>
    <message>
        <source>one leg was raised or drawn up</source>
        <translation>Ein Bein war angehoben oder angezogen</translation>
    </message>
    <message>
        <source>the elbows were hardly bent</source>
        <translation>Die Ellenbogen waren kaum gebeugt</translation>
    </message>
    <message>
        <source>CPU (chosen in the settings)</source>
        <translation>CPU (in den Einstellungen gewählt)</translation>
    </message>
    <message>
        <source>CPU (no CUDA or MPS device)</source>
        <translation>CPU (kein CUDA- oder MPS-Gerät)</translation>
    </message>
    <message>
        <source>CPU ({0} was chosen but is not available)</source>
        <translation>CPU ({0} wurde gewählt, ist aber nicht verfügbar)</translation>
    </message>
    <message>
        <source>CPU ({0} ran out of memory)</source>
        <translation>CPU ({0} ging der Speicher aus)</translation>
    </message>
    <message>
        <source>CPU ({0} has too little memory)</source>
        <translation>CPU ({0} hat zu wenig Speicher)</translation>
    </message>
    <message>
        <source>CPU (GPU delegate failed: {0})</source>
        <translation>CPU (GPU nicht nutzbar: {0})</translation>
    </message>
    <message>
        <source>CPU, {0} thread</source>
        <translation>CPU, {0} Thread</translation>
    </message>
    <message>
        <source>CPU, {0} threads</source>
        <translation>CPU, {0} Threads</translation>
    </message>
    <message>
        <source>CPU, {0} thread, {1}</source>
        <translation>CPU, {0} Thread, {1}</translation>
    </message>
    <message>
        <source>CPU, {0} threads, {1}</source>
        <translation>CPU, {0} Threads, {1}</translation>
    </message>
    <message>
        <source>GPU, all layers</source>
        <translation>GPU, alle Schichten</translation>
    </message>
    <message>
        <source>GPU, {0} layers</source>
        <translation>GPU, {0} Schichten</translation>
    </message>
    <message>
        <source>the GPU failed</source>
        <translation>die GPU versagte</translation>
    </message>
    <message>
        <source>the GPU had no room for it</source>
        <translation>die GPU hatte keinen Platz dafür</translation>
    </message>
    <message>
        <source>this llama.cpp knows no GPU</source>
        <translation>dieses llama.cpp kennt keine GPU</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Vorführung</translation>
    </message>
    <message>
        <source>Demo: {0}</source>
        <translation>Vorführung: {0}</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>nicht geladen</translation>
    </message>
    <message>
        <source>unloaded until it is asked</source>
        <translation>entladen, bis gefragt wird</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>phrasebook</source>
        <translation>feste Sätze</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Kein Platz mehr</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>more arrived than the catalogue says</source>
        <translation>es kam mehr an, als der Katalog sagt</translation>
    </message>
    <message>
        <source>its SHA-256 is not the one in the catalogue</source>
        <translation>ihr SHA-256 ist nicht der im Katalog</translation>
    </message>
    <message>
        <source>The model {0} names {1}, and no exercise.</source>
        <translation>Das Modell {0} benennt {1} und keine Übung.</translation>
    </message>
    <message>
        <source>Repetitions are counted and judged by the body&apos;s movement alone. Choose another model to have them named.</source>
        <translation>Wiederholungen werden nur nach der Bewegung des Körpers gezählt und beurteilt. Wähle ein anderes Modell, damit sie benannt werden.</translation>
    </message>
    <message>
        <source>The network {0} of the model {1} is not known.</source>
        <translation>Das Netz {0} des Modells {1} ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Known: {0}.</source>
        <translation>Bekannt: {0}.</translation>
    </message>
    <message>
        <source>The streams of the model {0} are {1}.</source>
        <translation>Die Ströme des Modells {0} sind {1}.</translation>
    </message>
    <message>
        <source>Name some of {0}, each once.</source>
        <translation>Nenne einige von {0}, jeden einmal.</translation>
    </message>
    <message>
        <source>The model {0} asks for {1} blocks.</source>
        <translation>Das Modell {0} verlangt {1} Blöcke.</translation>
    </message>
    <message>
        <source>There are networks of {0} blocks.</source>
        <translation>Es gibt Netze mit {0} Blöcken.</translation>
    </message>
    <message>
        <source>The model {0} asks for {1} units.</source>
        <translation>Das Modell {0} verlangt {1} Einheiten.</translation>
    </message>
    <message>
        <source>There are networks of {0} units.</source>
        <translation>Es gibt Netze mit {0} Einheiten.</translation>
    </message>
    <message>
        <source>The model {0} asks for solver {1}.</source>
        <translation>Das Modell {0} verlangt den Löser {1}.</translation>
    </message>
    <message>
        <source>Known: {0}, from 0 on.</source>
        <translation>Bekannt: {0}, ab 0 gezählt.</translation>
    </message>
    <message>
        <source>There is no joint {0}.</source>
        <translation>Das Gelenk {0} gibt es nicht.</translation>
    </message>
    <message>
        <source>No joint is named for the attention stream.</source>
        <translation>Für den Aufmerksamkeitsstrom ist kein Gelenk genannt.</translation>
    </message>
    <message>
        <source>Joints of this skeleton: {0}.</source>
        <translation>Gelenke dieses Skeletts: {0}.</translation>
    </message>
    <message>
        <source>The card of the model {0} asks for no pictures.</source>
        <translation>Die Karte des Modells {0} verlangt keine Bilder.</translation>
    </message>
    <message>
        <source>The {0} weights in {1} do not fit: {2} is missing.</source>
        <translation>Die {0}-Gewichte in {1} passen nicht: {2} fehlt.</translation>
    </message>
    <message>
        <source>The {0} weights in {1} do not fit: {2}.</source>
        <translation>Die {0}-Gewichte in {1} passen nicht: {2}.</translation>
    </message>
    <message>
        <source>The {0} weights in {1} hold values that are not numbers: {2}.</source>
        <translation>Die {0}-Gewichte in {1} enthalten Werte, die keine Zahlen sind: {2}.</translation>
    </message>
    <message>
        <source>The {0} weights in {1} cannot be read: {2}.</source>
        <translation>Die {0}-Gewichte in {1} können nicht gelesen werden: {2}.</translation>
    </message>
    <message>
        <source>{0} is a pickled checkpoint, which could run a program when opened.</source>
        <translation>{0} ist ein Pickle-Archiv, das beim Öffnen ein Programm ausführen könnte.</translation>
    </message>
    <message>
        <source>{0} is not a demo.</source>
        <translation>{0} ist keine Demo.</translation>
    </message>
    <message>
        <source>The demo&apos;s {0} is not a number from {1} to {2}.</source>
        <translation>{0} der Demo ist keine Zahl von {1} bis {2}.</translation>
    </message>
    <message>
        <source>The demo&apos;s {0} is not a size such as {1}.</source>
        <translation>{0} der Demo ist keine Größe wie {1}.</translation>
    </message>
    <message>
        <source>The demo has no option {0}.</source>
        <translation>Die Demo hat die Option {0} nicht.</translation>
    </message>
    <message>
        <source>Options: {0}.</source>
        <translation>Optionen: {0}.</translation>
    </message>
    <message>
        <source>The demo needs an exercise for its error, reps and tempo.</source>
        <translation>Die Demo braucht eine Übung für Fehler, Wiederholungen und Tempo.</translation>
    </message>
    <message>
        <source>The demo does not know {0}.</source>
        <translation>Die Demo kennt {0} nicht.</translation>
    </message>
    <message>
        <source>It knows {0}.</source>
        <translation>Sie kennt {0}.</translation>
    </message>
    <message>
        <source>No exercise shown has the error {0}.</source>
        <translation>Keine gezeigte Übung hat den Fehler {0}.</translation>
    </message>
    <message>
        <source>Known errors: {0}.</source>
        <translation>Bekannte Fehler: {0}.</translation>
    </message>
    <message>
        <source>Write for example: {0}</source>
        <translation>Schreibe zum Beispiel: {0}</translation>
    </message>
    <message>
        <source>{0} cannot be used with a folder.</source>
        <translation>{0} geht nicht bei einem Ordner.</translation>
    </message>
    <message>
        <source>This version of mediapipe brings no pose model ({0}).</source>
        <translation>Diese Version von mediapipe bringt kein Posenmodell mit ({0}).</translation>
    </message>
    <message>
        <source>Install mediapipe {0}, or choose a pose model file (.task) in the settings.</source>
        <translation>Installiere mediapipe {0} oder wähle in den Einstellungen eine Datei mit einem Posenmodell (.task).</translation>
    </message>
    <message>
        <source>{0} holds no picture.</source>
        <translation>{0} enthält kein Bild.</translation>
    </message>
    <message>
        <source>What could be read was analysed.</source>
        <translation>Was gelesen werden konnte, wurde ausgewertet.</translation>
    </message>
    <message>
        <source>{0} compact</source>
        <translation>{0} kompakt</translation>
    </message>
    <message>
        <source>FIAS coach</source>
        <translation>FIAS-Coach</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0} {1}</translation>
    </message>
    <message>
        <source>The answer is empty.</source>
        <translation>Die Antwort ist leer.</translation>
    </message>
    <message>
        <source>The answer is too short.</source>
        <translation>Die Antwort ist zu kurz.</translation>
    </message>
    <message>
        <source>The answer is too long.</source>
        <translation>Die Antwort ist zu lang.</translation>
    </message>
    <message>
        <source>The answer breaks off.</source>
        <translation>Die Antwort bricht ab.</translation>
    </message>
    <message>
        <source>The answer repeats itself.</source>
        <translation>Die Antwort wiederholt sich.</translation>
    </message>
    <message>
        <source>It is not all in English.</source>
        <translation>Sie ist nicht ganz auf Englisch.</translation>
    </message>
    <message>
        <source>It is not all in Chinese.</source>
        <translation>Sie ist nicht ganz auf Chinesisch.</translation>
    </message>
    <message>
        <source>It has unreadable characters.</source>
        <translation>Sie enthält unlesbare Zeichen.</translation>
    </message>
    <message>
        <source>It has a simplified character: {0}.</source>
        <translation>Sie enthält ein vereinfachtes Schriftzeichen: {0}.</translation>
    </message>
    <message>
        <source>It speaks of health: {0}.</source>
        <translation>Sie spricht von der Gesundheit: {0}.</translation>
    </message>
    <message>
        <source>It gives unsafe advice: {0}.</source>
        <translation>Sie gibt einen unsicheren Rat: {0}.</translation>
    </message>
    <message>
        <source>It uses a technical word: {0}.</source>
        <translation>Sie benutzt einen Fachbegriff: {0}.</translation>
    </message>
    <message>
        <source>It is not plain text: {0}.</source>
        <translation>Sie ist kein einfacher Text: {0}.</translation>
    </message>
    <message>
        <source>It speaks of a fault that was not found: {0}.</source>
        <translation>Sie spricht von einem Fehler, der nicht gefunden wurde: {0}.</translation>
    </message>
    <message>
        <source>It speaks of something that was not measured: {0}.</source>
        <translation>Sie spricht von etwas, das nicht gemessen wurde: {0}.</translation>
    </message>
    <message>
        <source>It denies a fault that was found: {0}.</source>
        <translation>Sie leugnet einen Fehler, der gefunden wurde: {0}.</translation>
    </message>
    <message>
        <source>It denies that there was a fault: {0}.</source>
        <translation>Sie leugnet, dass es einen Fehler gab: {0}.</translation>
    </message>
    <message>
        <source>It tells the opposite of a fault that was found: {0}.</source>
        <translation>Sie schildert das Gegenteil eines gefundenen Fehlers: {0}.</translation>
    </message>
    <message>
        <source>It does not name the main fault: {0}.</source>
        <translation>Sie nennt den wichtigsten Fehler nicht: {0}.</translation>
    </message>
    <message>
        <source>It says the opposite of what helps against {0}: {1}.</source>
        <translation>Sie sagt das Gegenteil von dem, was hilft. Fehler: {0}; gesagt: {1}.</translation>
    </message>
    <message>
        <source>It leads astray from what helps against {0}: {1}.</source>
        <translation>Sie führt weg von dem, was hilft. Fehler: {0}; gesagt: {1}.</translation>
    </message>
    <message>
        <source>It gives advice for something that was not found: {0}.</source>
        <translation>Sie rät zu etwas, das nicht gefunden wurde: {0}.</translation>
    </message>
    <message>
        <source>It names the wrong moment: {0}.</source>
        <translation>Sie nennt den falschen Moment: {0}.</translation>
    </message>
    <message>
        <source>It names the wrong side: {0}.</source>
        <translation>Sie nennt die falsche Seite: {0}.</translation>
    </message>
    <message>
        <source>It names a body part that was not told: {0}.</source>
        <translation>Sie nennt einen Körperteil, der nicht vorkam: {0}.</translation>
    </message>
    <message>
        <source>It moves the wrong part: {0}.</source>
        <translation>Sie bewegt den falschen Körperteil: {0}.</translation>
    </message>
    <message>
        <source>That is not where it showed most: {0}.</source>
        <translation>Dort zeigte es sich nicht am stärksten: {0}.</translation>
    </message>
    <message>
        <source>It names something that was not measured: {0}.</source>
        <translation>Sie nennt etwas, das nicht gemessen wurde: {0}.</translation>
    </message>
    <message>
        <source>It proves a fault with the measurement of something else: {0}.</source>
        <translation>Sie belegt einen Fehler mit der Messung von etwas anderem: {0}.</translation>
    </message>
    <message>
        <source>It names another exercise: {0}.</source>
        <translation>Sie nennt eine andere Übung: {0}.</translation>
    </message>
    <message>
        <source>It says something that is not about this set: {0}.</source>
        <translation>Sie sagt etwas, das nicht zu diesem Satz gehört: {0}.</translation>
    </message>
    <message>
        <source>It praises too much: {0}.</source>
        <translation>Sie lobt zu viel: {0}.</translation>
    </message>
    <message>
        <source>It calls a value good that shows a fault: {0}.</source>
        <translation>Sie nennt einen Wert gut, der einen Fehler zeigt: {0}.</translation>
    </message>
    <message>
        <source>It praises without a correct repetition: {0}.</source>
        <translation>Sie lobt ohne eine richtige Wiederholung: {0}.</translation>
    </message>
    <message>
        <source>It says that no repetition was correct, which is not so: {0}.</source>
        <translation>Sie sagt, dass keine Wiederholung richtig war; das stimmt nicht: {0}.</translation>
    </message>
    <message>
        <source>It compares with a set that is not known.</source>
        <translation>Sie vergleicht mit einem Satz, der nicht bekannt ist.</translation>
    </message>
    <message>
        <source>It does not compare with the last set.</source>
        <translation>Sie vergleicht nicht mit dem letzten Satz.</translation>
    </message>
    <message>
        <source>It does not say that there is no last set yet.</source>
        <translation>Sie sagt nicht, dass es noch keinen letzten Satz gibt.</translation>
    </message>
    <message>
        <source>It says that there is no last set, but there is one: {0}.</source>
        <translation>Sie sagt, dass es keinen letzten Satz gibt, aber es gibt einen: {0}.</translation>
    </message>
    <message>
        <source>It says that the last set was better, which is not so.</source>
        <translation>Sie sagt, dass der letzte Satz besser war; das stimmt nicht.</translation>
    </message>
    <message>
        <source>It says that the last set was worse, which is not so.</source>
        <translation>Sie sagt, dass der letzte Satz schlechter war; das stimmt nicht.</translation>
    </message>
    <message>
        <source>It says that this set was better than the last one, which is not so: {0}.</source>
        <translation>Sie sagt, dass dieser Satz besser als der letzte war; das stimmt nicht: {0}.</translation>
    </message>
    <message>
        <source>It says that this set was worse than the last one, which is not so: {0}.</source>
        <translation>Sie sagt, dass dieser Satz schlechter als der letzte war; das stimmt nicht: {0}.</translation>
    </message>
    <message>
        <source>It says that this set was the same as the last one, which is not so: {0}.</source>
        <translation>Sie sagt, dass dieser Satz wie der letzte war; das stimmt nicht: {0}.</translation>
    </message>
    <message>
        <source>It calls the repetitions steady, which was not measured.</source>
        <translation>Sie nennt die Wiederholungen gleichmäßig; das wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>It calls the repetitions uneven, which was not measured.</source>
        <translation>Sie nennt die Wiederholungen ungleichmäßig; das wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>It calls something else steady or uneven than was measured: {0}.</source>
        <translation>Sie nennt etwas anderes gleichmäßig oder ungleichmäßig, als gemessen wurde: {0}.</translation>
    </message>
    <message>
        <source>{0} is not the number of repetitions of this set.</source>
        <translation>{0} ist nicht die Zahl der Wiederholungen in diesem Satz.</translation>
    </message>
    <message>
        <source>{0} is not the number of correct repetitions of this set.</source>
        <translation>{0} ist nicht die Zahl der richtigen Wiederholungen in diesem Satz.</translation>
    </message>
    <message>
        <source>{0} is not the number of repetitions that did not count of this set.</source>
        <translation>{0} ist nicht die Zahl der Wiederholungen in diesem Satz, die nicht gezählt wurden.</translation>
    </message>
    <message>
        <source>{0} is not the number of wrong repetitions of this set.</source>
        <translation>{0} ist nicht die Zahl der falschen Wiederholungen dieses Satzes.</translation>
    </message>
    <message>
        <source>{0} is not how often that was seen of this set.</source>
        <translation>{0} ist nicht, wie oft das in diesem Satz zu sehen war.</translation>
    </message>
    <message>
        <source>{0} is not a number of this set.</source>
        <translation>{0} ist keine Zahl dieses Satzes.</translation>
    </message>
    <message>
        <source>{0} mixes up this set and the last one.</source>
        <translation>{0} verwechselt diesen Satz mit dem letzten.</translation>
    </message>
    <message>
        <source>{0} is not the number of correct repetitions.</source>
        <translation>{0} ist nicht die Zahl der richtigen Wiederholungen.</translation>
    </message>
    <message>
        <source>{0} is not the number of wrong repetitions.</source>
        <translation>{0} ist nicht die Zahl der falschen Wiederholungen.</translation>
    </message>
    <message>
        <source>{0} is not how often this fault was seen.</source>
        <translation>{0} ist nicht, wie oft dieser Fehler zu sehen war.</translation>
    </message>
    <message>
        <source>{0} has a unit that was not measured.</source>
        <translation>{0} hat eine Einheit, die nicht gemessen wurde.</translation>
    </message>
    <message>
        <source>{0} percent is not a number of this set.</source>
        <translation>{0} Prozent ist keine Zahl dieses Satzes.</translation>
    </message>
    <message>
        <source>Repetition {0} is not one that was told ({1}).</source>
        <translation>Wiederholung {0} kommt in den Angaben nicht vor ({1}).</translation>
    </message>
    <message>
        <source>Repetition {0} belongs to another fault ({1}).</source>
        <translation>Wiederholung {0} gehört zu einem anderen Fehler ({1}).</translation>
    </message>
    <message>
        <source>{0} degrees was not measured here.</source>
        <translation>{0} Grad wurde hier nicht gemessen.</translation>
    </message>
    <message>
        <source>{0} seconds was not measured here.</source>
        <translation>{0} Sekunden wurde hier nicht gemessen.</translation>
    </message>
    <message>
        <source>{0} was not measured here.</source>
        <translation>{0} wurde hier nicht gemessen.</translation>
    </message>
    <message>
        <source>{0} is not the lower bound.</source>
        <translation>{0} ist nicht die untere Grenze.</translation>
    </message>
    <message>
        <source>{0} is not the upper bound.</source>
        <translation>{0} ist nicht die obere Grenze.</translation>
    </message>
    <message>
        <source>{0} is not an expected value.</source>
        <translation>{0} ist kein erwarteter Wert.</translation>
    </message>
    <message>
        <source>{0} is not how much the repetitions differed.</source>
        <translation>{0} ist nicht der Unterschied zwischen den Wiederholungen.</translation>
    </message>
    <message>
        <source>{0} is not what was measured.</source>
        <translation>{0} ist nicht der gemessene Wert.</translation>
    </message>
    <message>
        <source>not going deep enough</source>
        <translation>nicht tief genug</translation>
    </message>
    <message>
        <source>knees moving inward</source>
        <translation>Knie nach innen</translation>
    </message>
    <message>
        <source>feet too close together</source>
        <translation>Füße zu eng</translation>
    </message>
    <message>
        <source>upper body leaning too far forward</source>
        <translation>Oberkörper zu weit nach vorn geneigt</translation>
    </message>
    <message>
        <source>knees travelling far past the toes</source>
        <translation>Knie weit vor den Zehen</translation>
    </message>
    <message>
        <source>staying too high</source>
        <translation>zu hoch geblieben</translation>
    </message>
    <message>
        <source>front knee travelling past the toes</source>
        <translation>vorderes Knie vor den Zehen</translation>
    </message>
    <message>
        <source>upper body leaning over</source>
        <translation>Oberkörper geneigt</translation>
    </message>
    <message>
        <source>hips sinking</source>
        <translation>Hüfte sinkt ab</translation>
    </message>
    <message>
        <source>hips pushed up too high</source>
        <translation>Hüfte zu hoch</translation>
    </message>
    <message>
        <source>elbows flaring out</source>
        <translation>Ellenbogen zu weit außen</translation>
    </message>
    <message>
        <source>not going low enough</source>
        <translation>nicht weit genug nach unten</translation>
    </message>
</context>
<context>
    <name>hud</name>
    <message>
        <source>Nobody in the picture</source>
        <translation>Niemand im Bild</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Movement not known</source>
        <translation>Unbekannte Bewegung</translation>
    </message>
</context>
<context>
    <name>names</name>
    <message>
        <source>Squat</source>
        <translation>Kniebeuge</translation>
    </message>
    <message>
        <source>Lunge</source>
        <translation>Ausfallschritt</translation>
    </message>
    <message>
        <source>Push-up</source>
        <translation>Liegestütz</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>Ruhe</translation>
    </message>
    <message>
        <source>Good form</source>
        <translation>Gute Form</translation>
    </message>
    <message>
        <source>Form not judged</source>
        <translation>Form nicht beurteilt</translation>
    </message>
    <message>
        <source>Too shallow</source>
        <translation>Nicht tief genug</translation>
    </message>
    <message>
        <source>Knees inward</source>
        <translation>Knie nach innen</translation>
    </message>
    <message>
        <source>Feet too close</source>
        <translation>Füße zu eng</translation>
    </message>
    <message>
        <source>Leaning forward</source>
        <translation>Zu weit vorgebeugt</translation>
    </message>
    <message>
        <source>Knees past toes</source>
        <translation>Knie vor den Zehen</translation>
    </message>
    <message>
        <source>Too high</source>
        <translation>Zu hoch</translation>
    </message>
    <message>
        <source>Knee past toes</source>
        <translation>Knie vor den Zehen</translation>
    </message>
    <message>
        <source>Trunk leaning</source>
        <translation>Rumpf geneigt</translation>
    </message>
    <message>
        <source>Hips sagging</source>
        <translation>Hüfte hängt durch</translation>
    </message>
    <message>
        <source>Hips too high</source>
        <translation>Hüfte zu hoch</translation>
    </message>
    <message>
        <source>Elbows flared</source>
        <translation>Ellenbogen zu weit außen</translation>
    </message>
    <message>
        <source>Cue</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Phrasebook</source>
        <translation>Feste Sätze</translation>
    </message>
    <message>
        <source>Arms</source>
        <translation>Arme</translation>
    </message>
    <message>
        <source>Hips</source>
        <translation>Hüfte</translation>
    </message>
    <message>
        <source>Knees</source>
        <translation>Knie</translation>
    </message>
    <message>
        <source>Feet</source>
        <translation>Füße</translation>
    </message>
    <message>
        <source>Legs</source>
        <translation>Beine</translation>
    </message>
    <message>
        <source>Knee angle</source>
        <translation>Kniewinkel</translation>
    </message>
    <message>
        <source>Front knee angle</source>
        <translation>Winkel vorderes Knie</translation>
    </message>
    <message>
        <source>Rear knee angle</source>
        <translation>Winkel hinteres Knie</translation>
    </message>
    <message>
        <source>Hip angle</source>
        <translation>Hüftwinkel</translation>
    </message>
    <message>
        <source>Elbow angle</source>
        <translation>Ellenbogenwinkel</translation>
    </message>
    <message>
        <source>Upper arm angle</source>
        <translation>Oberarmwinkel</translation>
    </message>
    <message>
        <source>Trunk lean</source>
        <translation>Rumpfneigung</translation>
    </message>
    <message>
        <source>Trunk tilt</source>
        <translation>Rumpf seitlich</translation>
    </message>
    <message>
        <source>Foot distance</source>
        <translation>Fußabstand</translation>
    </message>
    <message>
        <source>Knee to foot distance</source>
        <translation>Knie- zu Fußabstand</translation>
    </message>
    <message>
        <source>Hip line</source>
        <translation>Hüftlinie</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>toes</source>
        <translation>Zehen</translation>
    </message>
    <message>
        <source>shoulder</source>
        <translation>Schulter</translation>
    </message>
    <message>
        <source>elbow</source>
        <translation>Ellenbogen</translation>
    </message>
    <message>
        <source>wrist</source>
        <translation>Handgelenk</translation>
    </message>
    <message>
        <source>hip</source>
        <translation>Hüfte</translation>
    </message>
    <message>
        <source>knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <source>ankle</source>
        <translation>Sprunggelenk</translation>
    </message>
    <message>
        <source>heel</source>
        <translation>Ferse</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>, </translation>
    </message>
    <message>
        <source>. </source>
        <translation>. </translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{1} {0}</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>Seen by the network in 1 repetition, not measured</source>
        <translation>Vom Netz in 1 Wiederholung gesehen, nicht gemessen</translation>
    </message>
    <message>
        <source>Seen by the network in {0} repetitions, not measured</source>
        <translation>Vom Netz in {0} Wiederholungen gesehen, nicht gemessen</translation>
    </message>
    <message>
        <source>{0} {1}, expected {2}</source>
        <translation>{0} {1}, erwartet {2}</translation>
    </message>
</context>
<context>
    <name>silhouette</name>
    <message>
        <source>Stand in front of the camera.</source>
        <translation>Stell dich vor die Kamera.</translation>
    </message>
    <message>
        <source>Come closer to the camera.</source>
        <translation>Komm näher an die Kamera.</translation>
    </message>
    <message>
        <source>Move to the middle of the picture.</source>
        <translation>Geh in die Bildmitte.</translation>
    </message>
    <message>
        <source>Tilt the camera up a little or step back.</source>
        <translation>Neige die Kamera etwas nach oben oder geh zurück.</translation>
    </message>
    <message>
        <source>Tilt the camera down a little or step back.</source>
        <translation>Neige die Kamera etwas nach unten oder geh zurück.</translation>
    </message>
    <message>
        <source>Step back until the whole body is in the picture.</source>
        <translation>Geh zurück, bis der ganze Körper im Bild ist.</translation>
    </message>
    <message>
        <source>Make sure that nothing hides your body and that there is enough light.</source>
        <translation>Achte darauf, dass nichts deinen Körper verdeckt und genug Licht da ist.</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>arms</source>
        <translation>Arme</translation>
    </message>
    <message>
        <source>hips</source>
        <translation>Hüfte</translation>
    </message>
    <message>
        <source>knees</source>
        <translation>Knie</translation>
    </message>
    <message>
        <source>feet</source>
        <translation>Füße</translation>
    </message>
    <message>
        <source>body</source>
        <translation>Körper</translation>
    </message>
    <message>
        <source>Your whole body is in the picture. Start when you like.</source>
        <translation>Dein ganzer Körper ist im Bild. Fang an, wann du willst.</translation>
    </message>
    <message>
        <source>Stand here, two to four metres from the camera.</source>
        <translation>Stell dich hierhin, zwei bis vier Meter vor die Kamera.</translation>
    </message>
    <message>
        <source>Not in the picture: {0}.</source>
        <translation>Nicht im Bild: {0}.</translation>
    </message>
</context>
<context>
    <name>translation</name>
    <message>
        <source>No Chinese font is installed (on Linux: sudo apt-get install fonts-noto-cjk).</source>
        <translation>Keine chinesische Schrift installiert (unter Linux: sudo apt-get install fonts-noto-cjk).</translation>
    </message>
</context>
</TS>
