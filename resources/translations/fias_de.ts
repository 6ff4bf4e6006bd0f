<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AdviceEntry</name>
    <message>
        <source>The fixed phrases speak: the language model is off or failed the check.</source>
        <translation>Die festen Sätze sprechen: Das Sprachmodell ist aus oder hat die Prüfung nicht bestanden.</translation>
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
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>This source cannot go on. Press Space to open it again.</source>
        <translation>Diese Quelle kann nicht weiterlaufen. Leertaste: erneut öffnen.</translation>
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
        <source>Show or hide the coach's panel (P)</source>
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
        <source>Threads for the language model</source>
        <translation>Threads für das Sprachmodell</translation>
    </message>
    <message>
        <source>Use the bundled one</source>
        <translation>Mitgeliefertes nutzen</translation>
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
        <source>Coach</source>
        <translation>Coach</translation>
    </message>
    <message>
        <source>A language model on this machine. Off: fixed phrases and cues only.</source>
        <translation>Ein Sprachmodell auf diesem Rechner. Aus: nur feste Sätze und Hinweise.</translation>
    </message>
    <message>
        <source>A model file in the GGUF format; only use files you trust.</source>
        <translation>Eine Modelldatei im GGUF-Format; nimm nur Dateien, denen du vertraust.</translation>
    </message>
    <message>
        <source>The small model that comes with FIAS.</source>
        <translation>Das kleine Modell, das FIAS beiliegt.</translation>
    </message>
    <message>
        <source>One is best beside the camera.</source>
        <translation>Neben der Kamera ist einer am besten.</translation>
    </message>
    <message>
        <source>Colours of the window.</source>
        <translation>Farben des Fensters.</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
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
    <message>
        <source>Choose a language model</source>
        <translation>Sprachmodell wählen</translation>
    </message>
    <message>
        <source>Language model: {0}</source>
        <translation>Sprachmodell: {0}</translation>
    </message>
    <message>
        <source>bundled</source>
        <translation>mitgeliefert</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Bundled language model</source>
        <translation>Mitgeliefertes Sprachmodell</translation>
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
        <source>{0} {1}</source>
        <translation>{1} {0}</translation>
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
</TS>
