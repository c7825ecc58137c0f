<?php

return array(
    'php'      => array('strict' => true, 'version' => '>=7.4'),
    'php.json' => array('strict' => true),
    'app.shop' => array('strict' => true, 'version' => '>=8.0'),
);
