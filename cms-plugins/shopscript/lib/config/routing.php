<?php

return array(
    'fiscalgate/callback/' => array(
        'plugin' => 'fiscalgate',
        'module' => 'frontend',
        'action' => 'callback',
    ),
);
