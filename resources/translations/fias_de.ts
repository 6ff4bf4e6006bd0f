<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AdviceEntry</name>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="120"/>
        <source>The fixed phrases speak: the language model is off or failed the check.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdvicePanel</name>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="160"/>
        <source>Coach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="179"/>
        <source>After a set the coach says what to work on. Cues appear on the picture while you move.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="197"/>
        <source>Advise now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="198"/>
        <source>Ask the coach about the set so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="201"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="202"/>
        <source>Stop the coach at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="207"/>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="208"/>
        <source>What was the model told?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="233"/>
        <source>Writing …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="243"/>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="243"/>
        <source>No advice was given.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <location filename="../../fias_desktop/ui/banners.py" line="33"/>
        <location filename="../../fias_desktop/ui/banners.py" line="34"/>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CounterPanel</name>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="79"/>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="122"/>
        <source>This set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="83"/>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="123"/>
        <source>No repetition yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="113"/>
        <source>Set done: {0} repetitions of {1}, {2} with good form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="152"/>
        <source>This set · {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="154"/>
        <source>Not counted: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/counter_panel.py" line="157"/>
        <source>{0} counted, {1} with good form</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="34"/>
        <source>Something went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="36"/>
        <source>Something went wrong inside FIAS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="40"/>
        <source>You can go on, but a part of the program may have stopped; starting FIAS again helps. If it happens again, please send the details to the developers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="51"/>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="62"/>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="77"/>
        <source>Show details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="63"/>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="64"/>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/crash_dialog.py" line="77"/>
        <source>Hide details</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DelayMenu</name>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="25"/>
        <source>Delay of the picture in seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="27"/>
        <source>Delayed view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="29"/>
        <source>See yourself a few seconds later, after the movement.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="56"/>
        <source>{0} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="56"/>
        <source>Off: live</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EvidenceRow</name>
    <message>
        <location filename="../../fias_desktop/ui/advice_panel.py" line="46"/>
        <source>Show this moment</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HeatLegend</name>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="27"/>
        <source>low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="27"/>
        <source>high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="28"/>
        <source>Why: heat on the joints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="35"/>
        <source>The warmer a joint, the more it mattered for what the network named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="38"/>
        <source>Trust: {0} points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="40"/>
        <source>Trust: unstable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/heat_legend.py" line="42"/>
        <source>Hiding the hottest joints lowers the certainty of “{0}” by {1} points (random joints: {2}). Unstable means: not clearly more than random joints.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LivePage</name>
    <message>
        <location filename="../../fias_desktop/ui/live_view.py" line="144"/>
        <source>Choose a source</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="144"/>
        <source>Opening {0} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="203"/>
        <source>Repetition {0} · {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="275"/>
        <source>Waiting for the next picture …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="276"/>
        <source>The source is lost. Waiting for it to come back …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="277"/>
        <source>The video has ended. Press Space to see it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="283"/>
        <source>Connect a camera, or choose another source in the upper right corner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="284"/>
        <source>No camera was found: this is the demo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/main_window.py" line="312"/>
        <source>No picture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MomentCard</name>
    <message>
        <location filename="../../fias_desktop/ui/moment_card.py" line="106"/>
        <source>Back to the live picture (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/moment_card.py" line="107"/>
        <source>Back to the live picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/moment_card.py" line="126"/>
        <source>The picture of this moment is no longer kept.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message>
        <location filename="../../fias_desktop/ui/prompt_dialog.py" line="14"/>
        <source>What was the model told?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/prompt_dialog.py" line="15"/>
        <source>This text, and nothing else, was given to the language model on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/prompt_dialog.py" line="20"/>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/prompt_dialog.py" line="21"/>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/prompt_dialog.py" line="21"/>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="71"/>
        <source>Choose a source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="72"/>
        <source>Start or pause (Space, or raise both arms for a second)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="73"/>
        <source>Mirror the picture (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="74"/>
        <source>Show why: heat on the joints (H)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="75"/>
        <source>Delayed view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="76"/>
        <source>Show or hide the coach&apos;s panel (P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="78"/>
        <source>Full screen (F11)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/rail.py" line="79"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="69"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="92"/>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="95"/>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="96"/>
        <source>Device for the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="97"/>
        <location filename="../../fias_desktop/ui/settings_page.py" line="99"/>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="97"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="97"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="98"/>
        <location filename="../../fias_desktop/ui/settings_page.py" line="145"/>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="100"/>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="104"/>
        <source>Threads for the language model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="108"/>
        <source>Use the bundled one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="114"/>
        <source>Pose on the graphics card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="115"/>
        <source>Coach speaks after a set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="116"/>
        <source>Mirror the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="117"/>
        <source>Heat on the joints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="118"/>
        <source>Face joints</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="119"/>
        <source>“Stand here” outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="120"/>
        <source>Raise both arms to start or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="124"/>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="125"/>
        <source>Like a looking-glass. Left and right stay right in the data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="126"/>
        <source>Shows which joints mattered for what the network named.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="127"/>
        <source>Draws eyes, ears and nose as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="128"/>
        <source>Before the first set: where to stand, and whether the whole body is seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="129"/>
        <source>Hold both arms up for a second.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="132"/>
        <source>Recognition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="133"/>
        <source>The network that names exercise and form.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="134"/>
        <source>Automatic takes the graphics card where there is one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="135"/>
        <source>Falls back to the processor where that does not work, and says so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="138"/>
        <source>Coach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="139"/>
        <source>A language model on this machine. Off: fixed phrases and cues only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="140"/>
        <source>A model file in the GGUF format; only use files you trust.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="141"/>
        <source>The small model that comes with FIAS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="142"/>
        <source>One is best beside the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="146"/>
        <source>Colours of the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="147"/>
        <source>Takes effect at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="192"/>
        <source>{0} (missing)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="202"/>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="202"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="217"/>
        <source>Choose a language model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="224"/>
        <source>Language model: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="224"/>
        <source>bundled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="226"/>
        <source>Choose …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/settings_page.py" line="227"/>
        <source>Bundled language model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourceButton</name>
    <message>
        <location filename="../../fias_desktop/ui/live_view.py" line="97"/>
        <source>Source: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/live_view.py" line="98"/>
        <source>Choose a source (now: {0})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourcePicker</name>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="35"/>
        <source>Demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="38"/>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="73"/>
        <source>No camera found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="75"/>
        <source>Open a video …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="76"/>
        <source>Open a folder of pictures …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="77"/>
        <source>Open a stream …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="79"/>
        <source>Demo: a rendered athlete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="88"/>
        <source>Videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="88"/>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="89"/>
        <source>Open a video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="94"/>
        <source>Open a folder of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="100"/>
        <source>Open a stream</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/source_picker.py" line="101"/>
        <source>Address of an MJPEG or RTSP stream:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="66"/>
        <source>Offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="67"/>
        <source>Everything runs on this machine. Nothing is sent anywhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="68"/>
        <source>Not a medical device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="70"/>
        <source>FIAS gives training hints. It does not diagnose and does not replace a doctor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="95"/>
        <source>Source: {0} ({1})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="102"/>
        <source>{0} fps · lag {1} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="104"/>
        <source>Shown: {0} fps, source: {1} fps, pose: {2} fps. Heat is {3} ms old.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="112"/>
        <source>Pose</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="113"/>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/status_bar.py" line="114"/>
        <source>Coach</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Strips</name>
    <message>
        <location filename="../../fias_desktop/ui/strips.py" line="69"/>
        <source>Class probabilities over 20 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/strips.py" line="70"/>
        <source>Heat by joint over 20 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/strips.py" line="71"/>
        <source>Why: joints that mattered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/strips.py" line="85"/>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/strips.py" line="120"/>
        <source>What the network sees</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VideoCanvas</name>
    <message>
        <location filename="../../fias_desktop/ui/video_canvas.py" line="109"/>
        <source>Live picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/video_canvas.py" line="222"/>
        <source>{0} s ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/video_canvas.py" line="222"/>
        <source>Delay of {0} s is filling up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/video_canvas.py" line="225"/>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>hud</name>
    <message>
        <location filename="../../fias_desktop/ui/hud.py" line="45"/>
        <source>Nobody in the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/hud.py" line="48"/>
        <location filename="../../fias_desktop/ui/hud.py" line="53"/>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/hud.py" line="50"/>
        <source>Movement not known</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>names</name>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="11"/>
        <source>Squat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="12"/>
        <source>Lunge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="13"/>
        <source>Push-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="14"/>
        <source>Idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="17"/>
        <source>Good form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="18"/>
        <source>Form not judged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="19"/>
        <source>Too shallow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="20"/>
        <source>Knees inward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="21"/>
        <source>Feet too close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="22"/>
        <source>Leaning forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="23"/>
        <source>Knees past toes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="24"/>
        <source>Too high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="25"/>
        <source>Knee past toes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="26"/>
        <source>Trunk leaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="27"/>
        <source>Hips sagging</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="28"/>
        <source>Hips too high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="29"/>
        <source>Elbows flared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="32"/>
        <source>Cue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="33"/>
        <source>Language model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="34"/>
        <source>Phrasebook</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="37"/>
        <source>Arms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="38"/>
        <source>Hips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="39"/>
        <source>Knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="40"/>
        <source>Feet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="41"/>
        <source>Legs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="44"/>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="45"/>
        <source>right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="46"/>
        <source>toes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="47"/>
        <source>shoulder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="48"/>
        <source>elbow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="49"/>
        <source>wrist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="50"/>
        <source>hip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="51"/>
        <source>knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="52"/>
        <source>ankle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="53"/>
        <source>heel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/names.py" line="126"/>
        <source>{0} {1}, expected {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>silhouette</name>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="61"/>
        <source>Stand in front of the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="62"/>
        <source>Come closer to the camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="63"/>
        <source>Move to the middle of the picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="64"/>
        <source>Tilt the camera up a little or step back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="65"/>
        <source>Tilt the camera down a little or step back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="66"/>
        <source>Step back until the whole body is in the picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="67"/>
        <source>Make sure that nothing hides your body and that there is enough light.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="70"/>
        <source>head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="71"/>
        <source>arms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="72"/>
        <source>hips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="73"/>
        <source>knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="74"/>
        <source>feet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="75"/>
        <source>body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="82"/>
        <source>Your whole body is in the picture. Start when you like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fias_desktop/ui/silhouette.py" line="85"/>
        <source>Stand here, two to four metres from the camera.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
